package org.martlet.proxyserver.backend;

import java.time.Duration;

/// When a read that takes unusually long may ask one more device, so that a slow disk does not
/// decide how slow a client's request is.
///
/// The delay follows the 95th percentile of the time to the first byte (a running estimate: up by
/// 19 steps for a slower one, down by one for a faster one), kept between bounds. A budget lets at
/// most about one request in twenty be doubled, so that a cluster that is slow as a whole does not
/// get twice the work.
///
/// Threads: any.
public final class Hedging {
  private static final double COST = 20;
  private static final double BUDGET_MAX = 10 * COST;
  private static final double STEP = 0.005;

  private final double minNanos;
  private final double maxNanos;
  private double delayNanos;
  private double budget = BUDGET_MAX;
  private long sent;
  private long denied;

  /// @param min the shortest delay
  /// @param max the longest delay, and the first
  public Hedging(Duration min, Duration max) {
    if (!min.isPositive() || min.compareTo(max) > 0) {
      throw new IllegalArgumentException("not 0 < min <= max: " + min + ", " + max);
    }
    this.minNanos = min.toNanos();
    this.maxNanos = max.toNanos();
    this.delayNanos = maxNanos;
  }

  /// How long a read waits now.
  public synchronized Duration delay() {
    return Duration.ofNanos((long) delayNanos);
  }

  /// Notes how long the first device took, whoever won.
  synchronized void observe(long nanos) {
    double step = STEP * delayNanos;
    double moved = nanos > delayNanos ? delayNanos + 19 * step : delayNanos - step;
    delayNanos = Math.clamp(moved, minNanos, maxNanos);
    budget = Math.min(BUDGET_MAX, budget + 1);
  }

  /// Takes one extra request out of the budget.
  synchronized boolean takeBudget() {
    if (budget < COST) {
      denied++;
      return false;
    }
    budget -= COST;
    sent++;
    return true;
  }

  /// Extra requests since the start.
  public synchronized long sent() {
    return sent;
  }

  /// Extra requests that there was no budget for, since the start.
  public synchronized long denied() {
    return denied;
  }
}
