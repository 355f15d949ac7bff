package org.martlet.replicator.run;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

/// What one local device holds of one space.
///
/// @param device its name, as in the ring
/// @param ring of the space, as it is now
/// @param previous the ring before it, until all has moved
/// @param isThis tells the device in any ring of the space
public record Holding(
    Space space,
    String device,
    Supplier<Ring> ring,
    Supplier<Optional<Ring>> previous,
    Predicate<RingDevice> isThis,
    SpaceExchange exchange) {
  /// Whether a new ring alone explains that no primary knows a record: by the ring before, this
  /// device was a primary of it, and none of the present ones was.
  boolean hasOnlyNewPrimaries(ObjectHash hash) {
    return previous.get().filter(before -> hasOnlyNewPrimaries(hash, before)).isPresent();
  }

  private boolean hasOnlyNewPrimaries(ObjectHash hash, Ring before) {
    Ring now = ring.get();
    List<String> old =
        before.primaries(before.partition(hash)).stream().map(PeerHealth::label).toList();
    return before.isPrimary(before.partition(hash), idIn(before))
        && now.primaries(now.partition(hash)).stream()
            .map(PeerHealth::label)
            .noneMatch(old::contains);
  }

  /// Its number in a ring.
  DeviceId idIn(Ring current) {
    Optional<RingDevice> found = current.devices().stream().filter(isThis).findFirst();
    return found.map(RingDevice::id).orElse(Pass.NOWHERE);
  }
}
