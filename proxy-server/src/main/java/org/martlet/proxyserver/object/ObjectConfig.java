package org.martlet.proxyserver.object;

import java.time.Duration;
import org.martlet.common.model.ByteSize;

/// How the proxy moves objects.
///
/// @param wholeBody bodies up to this size are read first and then sent to all devices at once
/// @param replicaQueue bytes that wait for one device of an upload at most
/// @param stallTimeout a device of an upload that takes nothing for so long is given up, as long as
///     the others are enough
/// @param rounds how often a change is sent at most to outbid clocks that run ahead
/// @param hedgeMin the shortest delay after which a second device is asked for a read
/// @param hedgeMax the longest
public record ObjectConfig(
    ByteSize wholeBody,
    ByteSize replicaQueue,
    Duration stallTimeout,
    int rounds,
    Duration hedgeMin,
    Duration hedgeMax) {
  public ObjectConfig {
    if (wholeBody.bytes() > (16 << 20) || replicaQueue.bytes() < 1) {
      throw new IllegalArgumentException("a size is out of range");
    }
    if (!stallTimeout.isPositive() || rounds < 1) {
      throw new IllegalArgumentException("a limit is not positive");
    }
    if (hedgeMin.isNegative() || hedgeMin.compareTo(hedgeMax) > 0) {
      throw new IllegalArgumentException(
          "not 0 <= hedge_min <= hedge_max: " + hedgeMin + ", " + hedgeMax);
    }
  }

  public static ObjectConfig defaults() {
    return new ObjectConfig(
        ByteSize.ofKiB(64),
        ByteSize.ofKiB(512),
        Duration.ofSeconds(3),
        4,
        Duration.ofMillis(20),
        Duration.ofMillis(500));
  }
}
