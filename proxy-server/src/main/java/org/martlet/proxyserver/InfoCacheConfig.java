package org.martlet.proxyserver;

import java.time.Duration;
import org.martlet.common.config.ConfigTable;

/// How long the proxy relies on what it knows of accounts and containers.
///
/// @param recheck how long something is remembered
/// @param maxEntries accounts, and as many containers
public record InfoCacheConfig(Duration recheck, int maxEntries) {
  public InfoCacheConfig {
    if (recheck.isNegative()) {
      throw new IllegalArgumentException("recheck is negative");
    }
  }

  static InfoCacheConfig read(ConfigTable table) {
    return new InfoCacheConfig(
        table.duration("recheck", Duration.ofSeconds(60)),
        table.integer("max_entries", 20_000, 0, 10_000_000));
  }
}
