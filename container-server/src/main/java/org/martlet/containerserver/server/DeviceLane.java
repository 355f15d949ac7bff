package org.martlet.containerserver.server;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The threads that may block on one device, with what waits for them.
///
/// - New work waits in a bounded queue for a bounded time; past either bound it is refused with
///   503, even while every thread hangs in the device ([#refuseOverdue], called by a timer).
/// - Work that goes on with a request admitted before is never refused: it is bounded by the
///   requests under way, and goes first.
/// - Threads: platform threads, never interrupted.
final class DeviceLane {
  private final int capacity;
  private final long maxWaitNanos;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Deque<Task<?>> waiting = new ArrayDeque<>();
  private final Deque<Task<?>> admitted = new ArrayDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private boolean closed;

  /// Work that blocks on the device and may go on without a thread.
  interface Work<T> {
    CompletableFuture<T> start() throws Exception;
  }

  private record Task<T>(long since, Work<T> work, CompletableFuture<T> result) {
    @SuppressWarnings("FutureReturnValueIgnored") // both outcomes go into the result
    void run() {
      try {
        work.start()
            .whenComplete(
                (value, failure) -> {
                  if (failure == null) {
                    result.complete(value);
                  } else {
                    result.completeExceptionally(failure);
                  }
                });
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    }

    void refuse() {
      result.completeExceptionally(new Refused(503, "The device is busy"));
    }
  }

  /// @param capacity how much new work may wait
  /// @param maxWait how long it may wait
  DeviceLane(String device, int threads, int capacity, Duration maxWait, Ticker ticker) {
    this.capacity = capacity;
    this.maxWaitNanos = maxWait.toNanos();
    this.ticker = ticker;
    for (int i = 0; i < threads; i++) {
      this.threads.add(
          Thread.ofPlatform().daemon().name("listing-" + device + "-" + i).unstarted(this::run));
    }
    this.threads.forEach(Thread::start);
  }

  /// Runs new work; the future fails with [Refused] (503) if there is no room or time for it.
  <T> CompletableFuture<T> call(Work<T> work) {
    Task<T> task = new Task<>(ticker.read(), work, new CompletableFuture<>());
    if (!add(waiting, task, capacity)) {
      task.refuse();
    }
    return task.result();
  }

  /// Goes on with work that was admitted before; refused only after [#close].
  <T> CompletableFuture<T> resume(Callable<T> work) {
    Work<T> whole = () -> CompletableFuture.completedFuture(work.call());
    Task<T> task = new Task<>(ticker.read(), whole, new CompletableFuture<>());
    if (!add(admitted, task, Integer.MAX_VALUE)) {
      task.refuse();
    }
    return task.result();
  }

  private boolean add(Deque<Task<?>> queue, Task<?> task, int bound) {
    lock.lock();
    try {
      if (closed || queue.size() >= bound) {
        return false;
      }
      queue.add(task);
      filled.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Refuses what has waited too long.
  void refuseOverdue() {
    List<Task<?>> overdue = new ArrayList<>();
    lock.lock();
    try {
      while (!waiting.isEmpty() && isOverdue(waiting.getFirst())) {
        overdue.add(waiting.removeFirst());
      }
    } finally {
      lock.unlock();
    }
    overdue.forEach(Task::refuse);
  }

  private boolean isOverdue(Task<?> task) {
    return ticker.read() - task.since() > maxWaitNanos;
  }

  /// How much waits for a thread now.
  int depth() {
    lock.lock();
    try {
      return waiting.size() + admitted.size();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    for (Task<?> task = take(); task != null; task = take()) {
      task.run();
    }
  }

  /// The next piece of work; null when closed and nothing is left.
  private @Nullable Task<?> take() {
    while (true) {
      @Nullable Task<?> overdue = null;
      lock.lock();
      try {
        while (admitted.isEmpty() && waiting.isEmpty() && !closed) {
          filled.awaitUninterruptibly();
        }
        if (!admitted.isEmpty()) {
          return admitted.remove();
        }
        Task<?> next = waiting.poll();
        if (next == null || !isOverdue(next)) {
          return next;
        }
        overdue = next;
      } finally {
        lock.unlock();
      }
      overdue.refuse();
    }
  }

  /// Takes no new work, finishes what waits, and waits for the threads to end.
  ///
  /// @param limit a thread that hangs in the device is left behind after this time
  /// @return whether all threads have ended
  boolean close(Duration limit) {
    lock.lock();
    try {
      closed = true;
      filled.signalAll();
    } finally {
      lock.unlock();
    }
    long until = System.nanoTime() + limit.toNanos();
    boolean ended = true;
    for (Thread thread : threads) {
      try {
        ended &= thread.join(Duration.ofNanos(until - System.nanoTime()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return ended;
  }
}
