package org.martlet.proxyserver;

import java.time.Duration;
import org.martlet.common.config.ConfigTable;
import org.martlet.common.model.ByteSize;

/// How long the proxy relies on what it knows of accounts and containers.
///
/// @param recheck how long something is remembered
/// @param maxSize of what is remembered, in memory
public record InfoCacheConfig(Duration recheck, ByteSize maxSize) {
  public InfoCacheConfig {
    if (recheck.isNegative()) {
      throw new IllegalArgumentException("recheck is negative");
    }
  }

  static InfoCacheConfig read(ConfigTable table) {
    return new InfoCacheConfig(
        table.duration("recheck", Duration.ofSeconds(60)),
        table.size("max_size", ByteSize.ofMiB(16)));
  }
}
