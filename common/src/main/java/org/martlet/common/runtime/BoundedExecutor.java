package org.martlet.common.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A fixed number of platform threads behind a bounded queue, first come, first served.
///
/// A task that finds no room is refused at once, and so is one that comes while the head of the
/// queue has waited too long: a device that hangs must not collect callers.
///
/// - Errors: what a task throws goes to the uncaught-exception handler of its thread; the thread
///   goes on.
/// - Threads: any may offer, none blocks. Tasks are never interrupted.
///
/// `lock` guards all fields that change.
public final class BoundedExecutor implements AutoCloseable {
  private record Waiting(Runnable task, long sinceNanos) {}

  /// The bounds of one executor.
  ///
  /// @param threads that run tasks
  /// @param queue tasks that may wait, beside those that run
  /// @param waitMax how long the head of the queue may have waited when a new task comes
  public record Limits(int threads, int queue, Duration waitMax) {
    public Limits {
      if (threads < 1 || queue < 1) {
        throw new IllegalArgumentException(
            "at least one thread and one place: " + threads + ", " + queue);
      }
      if (!waitMax.isPositive()) {
        throw new IllegalArgumentException("the longest wait is not positive: " + waitMax);
      }
    }
  }

  private final Limits limits;
  private final LongSupplier nanos;
  private final List<Thread> threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private int running;
  private boolean closed;

  /// Starts the threads.
  ///
  /// @param nanos a clock that only goes forward, as [System#nanoTime]
  public BoundedExecutor(Limits limits, ThreadFactory factory, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
    List<Thread> made = new ArrayList<>();
    for (int i = 0; i < limits.threads(); i++) {
      made.add(factory.newThread(this::work));
    }
    this.threads = List.copyOf(made);
    threads.forEach(Thread::start);
  }

  /// Takes a task to run, or says why not.
  public Admission offer(Runnable task) {
    lock.lock();
    try {
      if (closed) {
        return Admission.CLOSED;
      }
      if (oldestWaitNanos() > limits.waitMax().toNanos()) {
        return Admission.STALLED;
      }
      if (queue.size() >= limits.queue()) {
        return Admission.FULL;
      }
      queue.addLast(new Waiting(task, nanos.getAsLong()));
      changed.signal();
      return Admission.ACCEPTED;
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    for (Runnable task = take(); task != null; task = take()) {
      try {
        task.run();
      } catch (Throwable e) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      } finally {
        done();
      }
    }
  }

  private @Nullable Runnable take() {
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
      }
      Waiting next = queue.pollFirst();
      if (next == null) {
        return null;
      }
      running++;
      return next.task();
    } finally {
      lock.unlock();
    }
  }

  private void done() {
    lock.lock();
    try {
      running--;
    } finally {
      lock.unlock();
    }
  }

  /// Tasks that wait.
  public int depth() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /// Tasks that run.
  public int running() {
    lock.lock();
    try {
      return running;
    } finally {
      lock.unlock();
    }
  }

  /// How long the head of the queue has waited; zero if none waits.
  public Duration oldestWait() {
    lock.lock();
    try {
      return Duration.ofNanos(oldestWaitNanos());
    } finally {
      lock.unlock();
    }
  }

  private long oldestWaitNanos() {
    Waiting head = queue.peekFirst();
    return head == null ? 0 : Math.max(0, nanos.getAsLong() - head.sinceNanos());
  }

  /// Takes no more tasks, and lets those that wait and run finish.
  ///
  /// @param patience how long to wait for that
  /// @return the tasks that will not run, because their turn did not come in time; one that runs
  ///     still is left alone
  public List<Runnable> close(Duration patience) {
    stopTaking();
    long end = System.nanoTime() + patience.toNanos();
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, end - System.nanoTime());
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return drop();
  }

  private void stopTaking() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private List<Runnable> drop() {
    lock.lock();
    try {
      List<Runnable> dropped = queue.stream().map(Waiting::task).toList();
      queue.clear();
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /// Takes no more tasks and drops those that wait; does not wait for those that run.
  @Override
  public void close() {
    stopTaking();
    drop();
  }
}
