package org.martlet.replicator.run;

import java.util.Collection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Does steps of passes, several at once.
interface Crew {
  /// One step.
  interface Step<T> {
    void run(T item) throws LocalFault;
  }

  /// Does the step for each item and waits for all. After a fault no further one is begun, and it
  /// is thrown when those under way have ended.
  <T> void each(Collection<T> items, Step<T> step) throws LocalFault;

  /// One after the other, in the caller's thread.
  static Crew inline() {
    return new Crew() {
      @Override
      public <T> void each(Collection<T> items, Step<T> step) throws LocalFault {
        for (T item : items) {
          step.run(item);
        }
      }
    };
  }

  /// Virtual threads, of which so many run at once as there are permits; who else uses the permits
  /// shares them.
  static Crew of(Semaphore permits) {
    return new Crew() {
      @Override
      public <T> void each(Collection<T> items, Step<T> step) throws LocalFault {
        Crew.inThreads(permits, items, step);
      }
    };
  }

  private static <T> void inThreads(Semaphore permits, Collection<T> items, Step<T> step)
      throws LocalFault {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (T item : items) {
        permits.acquireUninterruptibly();
        if (failure.get() != null) {
          permits.release();
          break;
        }
        threads.execute(() -> run(permits, item, step, failure));
      }
    }
    switch (failure.get()) {
      case null -> {}
      case LocalFault fault -> throw fault;
      case Error error -> throw error;
      case RuntimeException broken -> throw broken;
      case Throwable other -> throw new IllegalStateException(other);
    }
  }

  private static <T> void run(
      Semaphore permits, T item, Step<T> step, AtomicReference<@Nullable Throwable> failure) {
    try {
      step.run(item);
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    } finally {
      permits.release();
    }
  }
}
