package org.martlet.common.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// A clock that stands still until it is moved: for [InstantSource], and as a counter of
/// nanoseconds.
///
/// Threads: any.
public final class ManualClock implements InstantSource, LongSupplier {
  private Instant now;
  private long nanos;

  public ManualClock(Instant start) {
    this.now = start;
  }

  /// Starts at a moment in 2026.
  public ManualClock() {
    this(Instant.ofEpochSecond(1_780_000_000));
  }

  public synchronized void advance(Duration by) {
    now = now.plus(by);
    nanos += by.toNanos();
  }

  /// Sets the time of day, as an operator or NTP does; it may go back. The counter does not notice.
  public synchronized void set(Instant to) {
    now = to;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized long getAsLong() {
    return nanos;
  }
}
