package org.martlet.objectserver.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.martlet.objectserver.store.StoreFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads that may block on one device, with what waits for them.
///
/// - New work waits in a bounded queue, for a bounded time; past either bound it is refused with
///   503, even while every thread hangs in the device ([#refuseOverdue], called by a timer).
/// - Work that goes on with a request already admitted ([#resume]) is never refused: it is bounded
///   by the requests under way, and goes first, so that memory and files that they hold come free.
/// - Threads: platform threads, never interrupted: that would close the files that they use.
final class DeviceLane implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceLane.class);

  /// A call to the device's store.
  @FunctionalInterface
  interface Call<T extends @Nullable Object> {
    T run() throws StoreFault;
  }

  private record Waiting(long sinceMillis, Runnable work, Runnable refuse) {}

  private final int capacity;
  private final long maxWaitMillis;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private final ArrayDeque<Runnable> admitted = new ArrayDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private boolean closed;

  /// @param maxWait how long new work may wait for a thread
  DeviceLane(String device, int threads, int capacity, Duration maxWait, InstantSource clock) {
    this.capacity = capacity;
    this.maxWaitMillis = maxWait.toMillis();
    this.clock = clock;
    for (int i = 0; i < threads; i++) {
      this.threads.add(
          Thread.ofPlatform().daemon().name("object-" + device + "-" + i).unstarted(this::work));
    }
    this.threads.forEach(Thread::start);
  }

  /// Runs new work; the future fails with [Refused] (503) if it had to wait too long.
  <T extends @Nullable Object> CompletableFuture<T> call(Call<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    enqueue(() -> complete(result, call), result);
    return result;
  }

  /// Runs new work that starts something; completes with the outcome of that.
  <T> CompletableFuture<T> callAsync(Call<CompletableFuture<T>> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    enqueue(() -> follow(result, call), result);
    return result;
  }

  private void enqueue(Runnable work, CompletableFuture<?> result) {
    Runnable refuse = () -> result.completeExceptionally(busy());
    Waiting waiting = new Waiting(clock.millis(), work, refuse);
    lock.lock();
    try {
      if (!closed && queue.size() < capacity) {
        queue.add(waiting);
        changed.signal();
        return;
      }
    } finally {
      lock.unlock();
    }
    refuse.run();
  }

  /// Goes on with work that was admitted before.
  <T extends @Nullable Object> CompletableFuture<T> resume(Call<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    execute(() -> complete(result, call));
    return result;
  }

  /// Goes on with work that starts something; completes with the outcome of that.
  <T> CompletableFuture<T> resumeAsync(Call<CompletableFuture<T>> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    execute(() -> follow(result, call));
    return result;
  }

  /// Goes on with work that was admitted before; after [#close] it runs on the caller's thread.
  @Override
  public void execute(Runnable work) {
    lock.lock();
    try {
      if (!closed) {
        admitted.add(work);
        changed.signal();
        return;
      }
    } finally {
      lock.unlock();
    }
    work.run();
  }

  private static <T extends @Nullable Object> void complete(
      CompletableFuture<T> result, Call<T> call) {
    try {
      result.complete(call.run());
    } catch (Throwable e) {
      result.completeExceptionally(e);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // both ends are passed on
  private static <T> void follow(CompletableFuture<T> result, Call<CompletableFuture<T>> call) {
    try {
      call.run()
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

  private static Refused busy() {
    return new Refused(503, "The device is busy");
  }

  /// Refuses what has waited too long; called regularly by a timer.
  void refuseOverdue() {
    List<Waiting> overdue = new ArrayList<>();
    lock.lock();
    try {
      long now = clock.millis();
      while (!queue.isEmpty() && now - queue.getFirst().sinceMillis > maxWaitMillis) {
        overdue.add(queue.removeFirst());
      }
    } finally {
      lock.unlock();
    }
    overdue.forEach(waiting -> waiting.refuse.run());
  }

  /// How much waits for a thread now.
  int depth() {
    lock.lock();
    try {
      return queue.size() + admitted.size();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    for (Runnable next = take(); next != null; next = take()) {
      try {
        next.run();
      } catch (RuntimeException | Error e) {
        LOG.error("a task on a device's thread failed", e);
      }
    }
  }

  /// The next piece of work; null when closed and nothing is left.
  private @Nullable Runnable take() {
    lock.lock();
    try {
      while (true) {
        Runnable resumed = admitted.poll();
        if (resumed != null) {
          return resumed;
        }
        Waiting waiting = queue.poll();
        if (waiting != null) {
          boolean overdue = clock.millis() - waiting.sinceMillis > maxWaitMillis;
          return overdue ? waiting.refuse : waiting.work;
        }
        if (closed) {
          return null;
        }
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
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
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean ended = true;
    for (Thread thread : threads) {
      ended &= join(thread, limit);
    }
    return ended;
  }

  private static boolean join(Thread thread, Duration limit) {
    try {
      return thread.join(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
