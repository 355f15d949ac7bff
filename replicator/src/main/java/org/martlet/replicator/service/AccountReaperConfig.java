package org.martlet.replicator.service;

import java.time.Duration;
import org.martlet.common.config.ConfigTable;

/// How what deleted accounts leave behind is deleted.
///
/// @param interval between the beginnings of two passes
/// @param delayReaping between an account's deletion and that of its contents
/// @param warnAfter how long that may take before the log warns of it
/// @param concurrency objects that are deleted at once
public record AccountReaperConfig(
    Duration interval, Duration delayReaping, Duration warnAfter, int concurrency) {
  public static final AccountReaperConfig DEFAULT =
      new AccountReaperConfig(Duration.ofHours(1), Duration.ZERO, Duration.ofDays(30), 4);

  public AccountReaperConfig {
    if (!interval.isPositive()
        || delayReaping.isNegative()
        || !warnAfter.isPositive()
        || concurrency < 1) {
      throw new IllegalArgumentException("an interval, a delay or a concurrency is too small");
    }
  }

  /// Reads the table of the reaper.
  public static AccountReaperConfig read(ConfigTable table) {
    return new AccountReaperConfig(
        table.duration("interval", DEFAULT.interval),
        table.duration("delay_reaping", DEFAULT.delayReaping),
        table.duration("warn_after", DEFAULT.warnAfter),
        table.integer("concurrency", DEFAULT.concurrency, 1, 64));
  }
}
