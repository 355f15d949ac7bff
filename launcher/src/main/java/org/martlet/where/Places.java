package org.martlet.where;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingHolder;
import org.martlet.where.WhereReport.Place;

/// The devices to ask for a hash: primaries in their order, primaries by the ring before, then
/// handoffs.
///
/// @param ring in force
record Places(Ring ring, PartitionId partition, List<Place> all) {

  /// @param handoffs so many at most; `Integer.MAX_VALUE` for all devices of the ring
  static Places of(RingHolder rings, ObjectHash hash, int handoffs) {
    Ring ring = rings.current();
    PartitionId partition = ring.partition(hash);
    List<Place> places = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    List<RingDevice> primaries = ring.primaries(partition);
    for (int i = 0; i < primaries.size(); i++) {
      add("primary " + i, primaries.get(i), places, seen);
    }
    rings
        .previous()
        .ifPresent(
            before ->
                before
                    .primaries(before.partition(hash))
                    .forEach(device -> add("old primary", device, places, seen)));
    int left = handoffs;
    for (RingDevice device : ring.handoffs(partition)) {
      if (left-- <= 0) {
        break;
      }
      add("handoff", device, places, seen);
    }
    if (handoffs == Integer.MAX_VALUE) {
      ring.devices().forEach(device -> add("other", device, places, seen));
    }
    return new Places(ring, partition, places);
  }

  private static void add(String role, RingDevice device, List<Place> places, Set<String> seen) {
    if (seen.add(device.address() + "/" + device.device())) {
      places.add(
          new Place(role, device.address(), device.device(), device.region(), device.zone()));
    }
  }

  List<Place> primaries() {
    return all.stream().filter(Place::isPrimary).toList();
  }
}
