package org.martlet.e2e.chaos;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Real time passing: chaos is measured in it.
final class Pause {
  private Pause() {}

  static void millis(long millis) {
    try {
      if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("a latch opened by itself");
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /// Asks until it is so.
  ///
  /// @return false if it was not within the time
  static boolean until(long millis, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      millis(100);
    }
    return true;
  }
}
