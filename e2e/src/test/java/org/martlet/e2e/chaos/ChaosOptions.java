package org.martlet.e2e.chaos;

import java.nio.file.Path;

/// How much chaos, and which.
///
/// @param seed of the schedule, the clients and the rings
/// @param seconds of faults, without what checks take
/// @param round seconds of faults before replicas are compared
/// @param nodes storage nodes, five at least
/// @param clients that write at the same time
/// @param names objects of each client
/// @param namespaces whether every member is a network namespace of its own
/// @param work where everything is written; must be empty
record ChaosOptions(
    long seed,
    int seconds,
    int round,
    int nodes,
    int clients,
    int names,
    boolean namespaces,
    Path work) {
  ChaosOptions {
    if (nodes < 5) {
      throw new IllegalArgumentException("chaos takes five nodes, not " + nodes);
    }
  }

  static ChaosOptions of(long seed, int seconds, boolean namespaces, Path work) {
    return new ChaosOptions(seed, seconds, 30, 5, 8, 40, namespaces, work);
  }

  String replay() {
    return "e2e/chaos --seed "
        + seed
        + " --minutes "
        + (seconds + 59) / 60
        + (namespaces ? " --namespaces" : "");
  }
}
