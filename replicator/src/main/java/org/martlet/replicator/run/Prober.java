package org.martlet.replicator.run;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

/// Asks the devices of one space that did not answer whether they do again.
///
/// - Threads: one calls [#step]; probes run on the executor's.
final class Prober {
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Holding holding;
  private final PeerHealth health;
  private final Executor executor;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  /// @param holding any of the space
  Prober(Holding holding, PeerHealth health, Executor executor) {
    this.holding = holding;
    this.health = health;
    this.executor = executor;
  }

  /// Begins the probes that are due.
  ///
  /// @return when to call again
  Duration step() {
    Ring ring = holding.ring().get();
    List<RingDevice> due = health.dueProbes();
    for (RingDevice device : due) {
      if (underWay.add(PeerHealth.label(device))) {
        executor.execute(() -> probe(ring, device));
      }
    }
    if (!due.isEmpty()) {
      health.keepOnly(ring.devices());
    }
    return LOOK;
  }

  private void probe(Ring ring, RingDevice device) {
    try {
      holding.exchange().peer(device).differing(ring.partPower(), new TreeMap<>());
      health.answered(device);
    } catch (ReplicaFault e) {
      health.failed(device, e);
    } finally {
      underWay.remove(PeerHealth.label(device));
    }
  }
}
