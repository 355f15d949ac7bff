package org.martlet.objectserver.server;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingHolder;

/// The object rings that are in charge at the moment of the question.
///
/// A device of a ring is this server's if name and port are the same, and the address too unless
/// this server listens on all of its machine's.
///
/// @param holders by policy index
/// @param host that this server listens on
public record HeldObjectRings(Map<Integer, RingHolder> holders, String host, int port)
    implements ObjectRings {
  private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "::");

  public HeldObjectRings {
    holders = Map.copyOf(holders);
  }

  @Override
  public OptionalInt replica(int policy, ObjectHash hash, String device) {
    RingHolder holder = holders.get(policy);
    if (holder == null) {
      return OptionalInt.empty();
    }
    Ring ring = holder.current();
    List<RingDevice> primaries = ring.primaries(ring.partition(hash));
    for (int i = 0; i < primaries.size(); i++) {
      if (isOurs(primaries.get(i), device)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private boolean isOurs(RingDevice candidate, String device) {
    return candidate.device().equals(device)
        && candidate.port() == port
        && (candidate.ip().equals(host) || ALL_ADDRESSES.contains(host));
  }
}
