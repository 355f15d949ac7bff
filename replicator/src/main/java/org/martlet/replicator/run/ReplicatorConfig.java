package org.martlet.replicator.run;

import java.time.Duration;
import org.martlet.common.config.ConfigTable;
import org.martlet.common.http.Timeouts;
import org.martlet.common.model.ByteSize;
import org.martlet.common.protocol.BackendSignature;

/// How a node replicates.
///
/// @param interval between the beginnings of two passes over the same device
/// @param reclaimAge how long a tombstone is kept at least; the same in the whole cluster
/// @param bytesPerSecond that all replication of the node may move, 0 for any number
/// @param requestsPerSecond that all replication of the node may send, 0 for any number
/// @param shareBesideClients how much of both remains while clients keep the processors busy: over
///     0, at most 1
/// @param concurrency steps of each kind (single repairs, devices that are back, handoffs,
///     comparisons) that run at once on the node, each with at most 16 MiB in memory
/// @param timeouts of one request
public record ReplicatorConfig(
    Duration interval,
    Duration reclaimAge,
    ByteSize bytesPerSecond,
    long requestsPerSecond,
    double shareBesideClients,
    int concurrency,
    Timeouts timeouts) {
  private static final double PERCENT = 100;
  public static final ReplicatorConfig DEFAULT =
      new ReplicatorConfig(
          Duration.ofSeconds(30),
          Duration.ofDays(7),
          ByteSize.ofMiB(32),
          500,
          0.1,
          4,
          new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(10)));

  public ReplicatorConfig {
    if (!interval.isPositive() || reclaimAge.compareTo(interval) < 0) {
      throw new IllegalArgumentException(
          "the interval is not positive, or the reclaim age is shorter");
    }
    if (!(shareBesideClients > 0 && shareBesideClients <= 1)) {
      throw new IllegalArgumentException("no share beside clients, or more than the whole");
    }
    if (requestsPerSecond < 0 || concurrency < 1) {
      throw new IllegalArgumentException("the budget of requests or the concurrency is too small");
    }
  }

  /// How much longer than the reclaim age tombstones are kept: clocks of two servers that talk to
  /// each other are not further apart.
  Duration clockMargin() {
    Duration share = reclaimAge.dividedBy(10);
    return share.compareTo(BackendSignature.WINDOW) < 0 ? share : BackendSignature.WINDOW;
  }

  private static int percent(double share) {
    return Math.toIntExact(Math.round(share * PERCENT));
  }

  /// Reads the table of replication.
  public static ReplicatorConfig read(ConfigTable table) {
    return new ReplicatorConfig(
        table.duration("interval", DEFAULT.interval),
        table.duration("reclaim_age", DEFAULT.reclaimAge),
        table.size("bytes_per_second", DEFAULT.bytesPerSecond),
        table.integer("requests_per_second", DEFAULT.requestsPerSecond, 0, 1_000_000),
        table.integer("percent_beside_clients", percent(DEFAULT.shareBesideClients), 1, 100)
            / PERCENT,
        table.integer("concurrency", DEFAULT.concurrency, 1, 64),
        new Timeouts(
            table.duration("connect_timeout", DEFAULT.timeouts.connect()),
            table.duration("response_timeout", DEFAULT.timeouts.response()),
            table.duration("idle_timeout", DEFAULT.timeouts.idle())));
  }
}
