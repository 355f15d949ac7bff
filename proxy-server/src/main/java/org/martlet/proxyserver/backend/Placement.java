package org.martlet.proxyserver.backend;

import java.util.List;
import java.util.Optional;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingHolder;

/// Where one account, container or object belongs, by the ring of one moment.
///
/// @param ring the current ring
/// @param partition in the current ring
/// @param primaries the devices that should hold it
/// @param previous the ring before it, as long as partitions are still on their way
/// @param hash what is placed
public record Placement(
    Ring ring,
    PartitionId partition,
    List<RingDevice> primaries,
    Optional<Ring> previous,
    ObjectHash hash) {
  static Placement of(RingHolder holder, ObjectHash hash) {
    Ring ring = holder.current();
    PartitionId partition = ring.partition(hash);
    return new Placement(ring, partition, ring.primaries(partition), holder.previous(), hash);
  }

  /// How many copies there should be.
  public int replicas() {
    return primaries.size();
  }
}
