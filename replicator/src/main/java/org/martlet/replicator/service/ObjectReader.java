package org.martlet.replicator.service;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.martlet.common.http.Headers;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.run.ReplicaFault;

/// Asks the devices that should have an object what they know of it.
///
/// For each primary that does not answer, or knows nothing, the next handoff that answers is asked
/// too: a change may have been acknowledged by devices that stood in.
final class ObjectReader {
  private final Backends backends;

  ObjectReader(Backends backends) {
    this.backends = backends;
  }

  /// What became of asking everybody.
  ///
  /// @param unreachable primaries that did not answer
  record Reading(ObjectView view, int unreachable) {}

  /// What one device knows.
  ReplicaState read(RingDevice device, Place place, int policy) throws ReplicaFault {
    Headers headers = Backends.ofPolicy(policy).set(BackendHeaders.OPEN_EXPIRED, "true");
    return ReplicaState.of(device, backends.ask(device, place, "HEAD", headers));
  }

  /// What all primaries and those that stand in for them know.
  ///
  /// @param states of primaries that were asked already
  /// @param from the first primary that is still to be asked
  /// @throws ReplicaFault if this side is stopping
  Reading readAll(Place place, int policy, List<ReplicaState> states, int from)
      throws ReplicaFault {
    List<ReplicaState> all = new ArrayList<>(states);
    int replicas = place.primaries().size();
    for (RingDevice device : place.primaries().subList(from, replicas)) {
      tell(device, place, policy, all);
    }
    int unreachable = replicas - all.size();
    int wanted = replicas - new ObjectView(all).known();
    Iterator<RingDevice> handoffs = place.handoffs().iterator();
    for (int asked = 0; wanted > 0 && asked < replicas && handoffs.hasNext(); asked++) {
      if (tell(handoffs.next(), place, policy, all)) {
        wanted--;
      }
    }
    return new Reading(new ObjectView(all), unreachable);
  }

  private boolean tell(RingDevice device, Place place, int policy, List<ReplicaState> to)
      throws ReplicaFault {
    try {
      to.add(read(device, place, policy));
      return true;
    } catch (ReplicaFault e) {
      if (e.kind() == ReplicaFault.Kind.STOPPED) {
        throw e;
      }
      return false;
    }
  }
}
