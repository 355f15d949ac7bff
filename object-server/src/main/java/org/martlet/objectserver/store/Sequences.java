package org.martlet.objectserver.store;

import java.util.concurrent.atomic.AtomicLong;

/// Gives out sequence numbers: epoch ‖ counter, each greater than all before it on this device.
///
/// Threads: any.
final class Sequences {
  private static final int COUNTER_BITS = 40;

  private final AtomicLong last;
  private final int epoch;

  /// @param epoch greater than that of every start before that gave out any
  Sequences(int epoch) {
    if (epoch <= 0 || epoch >= 1 << (Long.SIZE - 1 - COUNTER_BITS)) {
      throw new IllegalArgumentException("epoch is out of range: " + epoch);
    }
    this.epoch = epoch;
    this.last = new AtomicLong((long) epoch << COUNTER_BITS);
  }

  long next() {
    return last.incrementAndGet();
  }

  /// Whether a number was given out since the device was opened.
  boolean isOfThisStart(long sequence) {
    return sequence >>> COUNTER_BITS == epoch;
  }

  int epoch() {
    return epoch;
  }
}
