package org.martlet.common.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads that may block on one device, with what waits for them.
///
/// - New work waits in a bounded queue, for a bounded time; past either bound it is refused, even
///   while every thread hangs in the device ([#refuseOverdue], called by a timer).
/// - Work that goes on with a request already admitted ([#resume]) is never refused: it is bounded
///   by the requests under way, and goes first, so that memory and files that they hold come free.
/// - Threads: platform threads, never interrupted: that would close the files that they use.
public final class DeviceLane implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceLane.class);

  /// A call that blocks on the device.
  @FunctionalInterface
  public interface Call<T extends @Nullable Object> {
    T run() throws Exception;
  }

  /// The bounds of one lane.
  ///
  /// @param threads that may block on the device
  /// @param queue how much new work may wait for them
  /// @param waitMax how long it may wait
  public record Limits(int threads, int queue, Duration waitMax) {
    public Limits {
      if (threads < 1 || queue < 1 || !waitMax.isPositive()) {
        throw new IllegalArgumentException(
            "no threads, no queue or no time: " + threads + ", " + queue + ", " + waitMax);
      }
    }
  }

  private record Waiting(long sinceNanos, Runnable work, Runnable refuse) {}

  private final Limits limits;
  private final LongSupplier nanos;
  private final Supplier<? extends Exception> busy;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private final ArrayDeque<Runnable> admitted = new ArrayDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private boolean closed;

  /// Starts the threads.
  ///
  /// @param name of the threads, before their numbers
  /// @param nanos counts on, from anywhere, as [System#nanoTime]
  /// @param busy what refused work fails with
  public DeviceLane(
      String name, Limits limits, LongSupplier nanos, Supplier<? extends Exception> busy) {
    this.limits = limits;
    this.nanos = nanos;
    this.busy = busy;
    for (int i = 0; i < limits.threads(); i++) {
      threads.add(Thread.ofPlatform().daemon().name(name + "-" + i).unstarted(this::work));
    }
    threads.forEach(Thread::start);
  }

  /// Runs new work; the future fails as `busy` says if there is no room or time for it.
  public <T extends @Nullable Object> CompletableFuture<T> call(Call<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    enqueue(() -> complete(result, call), result);
    return result;
  }

  /// Runs new work that starts something; completes with the outcome of that.
  public <T> CompletableFuture<T> callAsync(Call<CompletableFuture<T>> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    enqueue(() -> follow(result, call), result);
    return result;
  }

  private void enqueue(Runnable work, CompletableFuture<?> result) {
    Runnable refuse = () -> result.completeExceptionally(busy.get());
    Waiting waiting = new Waiting(nanos.getAsLong(), work, refuse);
    lock.lock();
    try {
      if (!closed && queue.size() < limits.queue()) {
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
  public <T extends @Nullable Object> CompletableFuture<T> resume(Call<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    execute(() -> complete(result, call));
    return result;
  }

  /// Goes on with work that starts something; completes with the outcome of that.
  public <T> CompletableFuture<T> resumeAsync(Call<CompletableFuture<T>> call) {
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

  private boolean isOverdue(Waiting waiting) {
    return nanos.getAsLong() - waiting.sinceNanos > limits.waitMax().toNanos();
  }

  /// Refuses what has waited too long; called regularly by a timer.
  public void refuseOverdue() {
    List<Waiting> overdue = new ArrayList<>();
    lock.lock();
    try {
      while (!queue.isEmpty() && isOverdue(queue.getFirst())) {
        overdue.add(queue.removeFirst());
      }
    } finally {
      lock.unlock();
    }
    overdue.forEach(waiting -> waiting.refuse.run());
  }

  /// How much waits for a thread now.
  public int depth() {
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
        FatalErrors.passOn(e);
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
          return isOverdue(waiting) ? waiting.refuse : waiting.work;
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
  public boolean close(Duration limit) {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    long until = System.nanoTime() + limit.toNanos();
    boolean ended = true;
    for (Thread thread : threads) {
      ended &= join(thread, Duration.ofNanos(until - System.nanoTime()));
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
