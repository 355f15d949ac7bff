package org.martlet.replicator.run;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares with devices that answer again, and gives them what is theirs, without waiting for the
/// pass that may be under way.
///
/// - Threads: one calls [#step].
final class CatchUp {
  private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final HoldingWorker worker;
  private final Crew crew;
  private long seenRecoveries;

  /// Those with which the regular pass was comparing: it may have been past what they lack.
  private Set<String> left = Set.of();

  CatchUp(HoldingWorker worker, Crew crew) {
    this.worker = worker;
    this.crew = crew;
  }

  /// Sees to devices that came back since the last time.
  ///
  /// @return when to call again
  Duration step() {
    PeerHealth.Recovered recovered = worker.health().recoveredSince(seenRecoveries);
    seenRecoveries = recovered.mark();
    Set<String> peers = new TreeSet<>(left);
    peers.addAll(recovered.labels());
    left = Set.of();
    if (!peers.isEmpty()) {
      try {
        left = worker.passBeside(crew).runFor(device -> peers.contains(PeerHealth.label(device)));
      } catch (LocalFault e) {
        LOG.debug("{} were not caught up, the next pass does it", peers, e);
      }
    }
    return LOOK;
  }
}
