package org.martlet.proxyserver.backend;

import java.time.Duration;
import org.martlet.proxyserver.quorum.WriteQuorum;

/// How the proxy treats the storage servers.
///
/// @param connectTimeout for a connection to be made
/// @param nodeTimeout for an answer's head, and between two pieces of a body
/// @param postQuorumTimeout how long the other devices are waited for once a quorum agrees
/// @param errorLimit more errors than this within the interval keep a device from being asked
/// @param errorInterval after so long without an error, errors are forgotten
/// @param writeQuorum how many copies a change needs
/// @param nodesPerReplica how many devices are asked at most, for each replica
public record BackendConfig(
    Duration connectTimeout,
    Duration nodeTimeout,
    Duration postQuorumTimeout,
    int errorLimit,
    Duration errorInterval,
    WriteQuorum writeQuorum,
    int nodesPerReplica) {
  public BackendConfig {
    if (!connectTimeout.isPositive()
        || !nodeTimeout.isPositive()
        || !postQuorumTimeout.isPositive()
        || !errorInterval.isPositive()) {
      throw new IllegalArgumentException("a timeout is not positive");
    }
    if (errorLimit < 1 || nodesPerReplica < 1) {
      throw new IllegalArgumentException("a limit is below 1");
    }
  }

  /// How long a device that is needed may be silent before somebody else is asked as well, or is
  /// believed without it.
  Duration patience() {
    return nodeTimeout.dividedBy(4);
  }

  public static BackendConfig defaults() {
    return new BackendConfig(
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMillis(500),
        10,
        Duration.ofSeconds(60),
        WriteQuorum.MAJORITY,
        2);
  }
}
