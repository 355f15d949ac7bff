package org.martlet.containerserver.server;

import java.time.Duration;
import org.martlet.common.config.ConfigTable;

/// How container statistics go to accounts.
///
/// @param interval between two passes over what is due: a container is reported at most so often,
///     except when it is created or deleted
/// @param answerWait how long the answer to a creation or deletion waits for its report
/// @param timeout of one request
/// @param batch containers in one request
/// @param reclaimAge a report that no account takes is given up after this time
public record AccountReporterConfig(
    Duration interval, Duration answerWait, Duration timeout, int batch, Duration reclaimAge) {
  public static final AccountReporterConfig DEFAULT =
      new AccountReporterConfig(
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(3),
          500,
          Duration.ofDays(7));

  public AccountReporterConfig {
    if (!interval.isPositive() || !answerWait.isPositive() || !timeout.isPositive()) {
      throw new IllegalArgumentException("a time for account reports is not positive");
    }
    if (batch < 1 || batch > 10_000) {
      throw new IllegalArgumentException("a batch of reports has 1 to 10000, not " + batch);
    }
    if (reclaimAge.isNegative()) {
      throw new IllegalArgumentException("the reclaim age is negative");
    }
  }

  static AccountReporterConfig read(ConfigTable table) {
    return new AccountReporterConfig(
        table.duration("interval", DEFAULT.interval),
        table.duration("answer_wait", DEFAULT.answerWait),
        table.duration("timeout", DEFAULT.timeout),
        table.integer("batch", DEFAULT.batch, 1, 10_000),
        table.duration("reclaim_age", DEFAULT.reclaimAge));
  }
}
