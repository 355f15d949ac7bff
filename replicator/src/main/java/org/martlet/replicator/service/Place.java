package org.martlet.replicator.service;

import java.util.List;
import java.util.function.Predicate;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

/// Where an account, a container, or an object of one policy belongs, by the ring of one moment.
record Place(ObjectPath path, Ring ring, PartitionId partition, List<RingDevice> primaries) {
  /// How many of the primaries have to agree.
  int majority() {
    return primaries.size() / 2 + 1;
  }

  /// The position among the primaries, -1 if it is none of them.
  int indexOf(Predicate<RingDevice> device) {
    for (int i = 0; i < primaries.size(); i++) {
      if (device.test(primaries.get(i))) {
        return i;
      }
    }
    return -1;
  }

  Iterable<RingDevice> handoffs() {
    return ring.handoffs(partition);
  }

  /// The same devices for something that lies within: a row of a listing.
  Place within(ObjectPath other) {
    return new Place(other, ring, partition, primaries);
  }
}
