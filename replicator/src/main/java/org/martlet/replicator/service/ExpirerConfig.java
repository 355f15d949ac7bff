package org.martlet.replicator.service;

import java.time.Duration;
import org.martlet.common.config.ConfigTable;

/// How objects are deleted whose time is over.
///
/// @param interval between the beginnings of two passes
/// @param grace between an object's end, when reads stop to show it, and its deletion: a change of
///     that end which a client was told is stored must be with a majority by then
/// @param concurrency objects that are worked on at once
public record ExpirerConfig(Duration interval, Duration grace, int concurrency) {
  public static final ExpirerConfig DEFAULT =
      new ExpirerConfig(Duration.ofMinutes(1), Duration.ofSeconds(30), 4);

  public ExpirerConfig {
    if (!interval.isPositive() || grace.isNegative() || concurrency < 1) {
      throw new IllegalArgumentException("an interval, a grace or a concurrency is too small");
    }
  }

  /// Reads the table of the expirer.
  public static ExpirerConfig read(ConfigTable table) {
    return new ExpirerConfig(
        table.duration("interval", DEFAULT.interval),
        table.duration("grace", DEFAULT.grace),
        table.integer("concurrency", DEFAULT.concurrency, 1, 64));
  }
}
