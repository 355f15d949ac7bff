package org.martlet.replicator.run;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/// How much of its budget background work may use now, so that it gives way to clients by itself.
///
/// While clients' requests come in and the machine's processors are busy the share is halved at
/// each look, down to the least; while there is room, or nobody asks for anything, it grows again.
/// After a time in which nobody asked for the share it begins with the least beside clients.
///
/// - Threads: any.
public final class BackgroundShare implements DoubleSupplier {
  static final Duration LOOK = Duration.ofMillis(200);
  private static final long LOOK_NANOS = LOOK.toNanos();

  /// What was seen over a longer time says nothing of now.
  private static final long STALE_NANOS = 10 * LOOK_NANOS;

  private static final double BUSY = 0.85;
  private static final double ROOM = 0.7;
  private static final double SHRINK = 0.5;
  private static final double GROW = 1.25;
  private static final double GROW_ALONE = 2;

  private final double least;
  private final LongSupplier requests;
  private final DoubleSupplier load;
  private final LongSupplier nanos;
  private double share = 1;
  private long seenRequests;
  private long lookedAt;

  /// @param least the share that always remains: over 0, at most 1
  /// @param requests how many requests of clients came in since the start
  /// @param load how busy the machine's processors were since it was last asked for: 0 to 1, or
  ///     negative where that is not known
  /// @param nanos as [System#nanoTime]
  public BackgroundShare(
      double least, LongSupplier requests, DoubleSupplier load, LongSupplier nanos) {
    if (!(least > 0 && least <= 1)) {
      throw new IllegalArgumentException("no share at all, or more than the whole: " + least);
    }
    this.least = least;
    this.requests = requests;
    this.load = load;
    this.nanos = nanos;
    this.seenRequests = requests.getAsLong();
    this.lookedAt = nanos.getAsLong();
  }

  /// Over 0, at most 1.
  @Override
  public synchronized double getAsDouble() {
    long now = nanos.getAsLong();
    long passed = now - lookedAt;
    if (passed >= LOOK_NANOS) {
      look(passed);
      lookedAt = now;
    }
    return share;
  }

  private void look(long passed) {
    long count = requests.getAsLong();
    boolean clients = count != seenRequests;
    seenRequests = count;
    double busy = load.getAsDouble();
    if (!clients) {
      share = Math.min(1, share * GROW_ALONE);
    } else if (passed > STALE_NANOS) {
      share = least;
    } else if (busy >= BUSY) {
      share = Math.max(least, share * SHRINK);
    } else if (busy <= ROOM) {
      share = Math.min(1, share * GROW);
    }
  }
}
