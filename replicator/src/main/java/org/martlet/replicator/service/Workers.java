package org.martlet.replicator.service;

import java.util.Collection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Does the same for many things, several at once, each in a virtual thread.
final class Workers {
  private final int concurrency;

  /// @param concurrency 1 for one after the other in the caller's thread
  Workers(int concurrency) {
    this.concurrency = concurrency;
  }

  /// Returns when all are done; the first exception is thrown then.
  <T> void each(Collection<T> items, Consumer<T> step) {
    if (concurrency == 1) {
      items.forEach(step);
      return;
    }
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Semaphore permits = new Semaphore(concurrency);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (T item : items) {
        permits.acquireUninterruptibly();
        if (failure.get() != null) {
          break;
        }
        threads.execute(() -> run(item, step, permits, failure));
      }
    }
    switch (failure.get()) {
      case null -> {}
      case Error error -> throw error;
      case RuntimeException broken -> throw broken;
      case Throwable other -> throw new IllegalStateException(other);
    }
  }

  private static <T> void run(
      T item, Consumer<T> step, Semaphore permits, AtomicReference<@Nullable Throwable> failure) {
    try {
      step.accept(item);
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    } finally {
      permits.release();
    }
  }
}
