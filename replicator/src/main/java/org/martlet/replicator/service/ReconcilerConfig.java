package org.martlet.replicator.service;

import java.time.Duration;
import org.martlet.common.config.ConfigTable;

/// How objects are moved that lie in another storage policy than their container's.
///
/// @param interval between the beginnings of two passes
/// @param concurrency objects that are moved at once
public record ReconcilerConfig(Duration interval, int concurrency) {
  public static final ReconcilerConfig DEFAULT = new ReconcilerConfig(Duration.ofMinutes(1), 2);

  public ReconcilerConfig {
    if (!interval.isPositive() || concurrency < 1) {
      throw new IllegalArgumentException("an interval or a concurrency is too small");
    }
  }

  /// Reads the table of the reconciler.
  public static ReconcilerConfig read(ConfigTable table) {
    return new ReconcilerConfig(
        table.duration("interval", DEFAULT.interval),
        table.integer("concurrency", DEFAULT.concurrency, 1, 64));
  }
}
