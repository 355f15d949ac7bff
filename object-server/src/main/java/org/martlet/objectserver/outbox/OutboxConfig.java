package org.martlet.objectserver.outbox;

import java.time.Duration;
import org.martlet.common.http.Timeouts;

/// How listing updates are sent.
///
/// @param answerWait how long the answer to a client waits for its update
/// @param bypass how long a container device that failed is not waited for
/// @param retryMax the longest time between two attempts to deliver what is left over
/// @param interval between two looks for what is left over
/// @param reclaimAge a row that its container's replica does not know is given up at this age
/// @param timeouts of one request
/// @param queue how many rows may wait for one container device
public record OutboxConfig(
    Duration answerWait,
    Duration bypass,
    Duration retryMax,
    Duration interval,
    Duration reclaimAge,
    Timeouts timeouts,
    int queue) {
  public static final OutboxConfig DEFAULT =
      new OutboxConfig(
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofMinutes(5),
          Duration.ofSeconds(5),
          Duration.ofDays(7),
          new Timeouts(Duration.ofMillis(500), Duration.ofSeconds(3), Duration.ofSeconds(3)),
          4096);

  public OutboxConfig {
    if (answerWait.isNegative() || bypass.isNegative() || !interval.isPositive()) {
      throw new IllegalArgumentException("a wait is negative, or the interval is not positive");
    }
    if (retryMax.compareTo(bypass) < 0) {
      throw new IllegalArgumentException("the longest retry time is shorter than the bypass time");
    }
    if (queue < 1) {
      throw new IllegalArgumentException("the queue for a container device holds nothing");
    }
  }
}
