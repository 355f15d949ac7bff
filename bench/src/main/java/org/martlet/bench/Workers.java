package org.martlet.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Runs the same work on several platform threads.
final class Workers {
  private Workers() {}

  /// What may fail.
  interface Work {
    void run() throws Exception;
  }

  /// Returns once all have ended.
  ///
  /// @throws IllegalStateException if one failed
  static void run(int threads, Work work) {
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (int n = 0; n < threads; n++) {
        running.add(
            executor.submit(
                () -> {
                  work.run();
                  return null;
                }));
      }
    }
    for (Future<?> one : running) {
      try {
        one.get();
      } catch (ExecutionException | InterruptedException e) {
        throw new IllegalStateException("a worker failed", e);
      }
    }
  }
}
