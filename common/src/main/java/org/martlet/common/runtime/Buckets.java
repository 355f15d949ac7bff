package org.martlet.common.runtime;

import java.time.Duration;
import java.util.stream.Stream;

/// The bounds of the histograms: few, and the same everywhere, so that series can be added up.
public final class Buckets {
  private Buckets() {}

  /// For anything that takes from less than a millisecond to a minute.
  public static Duration[] latency() {
    return Stream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 60_000)
        .map(Duration::ofMillis)
        .toArray(Duration[]::new);
  }

  /// For calls of a device, most of which take far less than a millisecond.
  public static Duration[] device() {
    return Stream.of(100, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 200_000, 1_000_000)
        .map(micros -> Duration.ofNanos(micros * 1000L))
        .toArray(Duration[]::new);
  }

  /// For how many there are of something that is done together.
  public static double[] groups() {
    return new double[] {1, 2, 4, 8, 16, 32, 64, 128, 256};
  }
}
