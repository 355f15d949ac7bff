package org.martlet.objectserver.server;

import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.objectserver.store.DueTargets;

/// What the server's own rings say of its devices.
record Primaries(ObjectRings rings) {
  boolean isPrimary(int policy, ObjectHash hash, Device device) {
    return rings.replica(policy, hash, device.name()).isPresent();
  }

  /// Where the device reports an object to.
  DueTargets target(int policy, ObjectHash hash, Device device) {
    int replica = rings.replica(policy, hash, device.name()).orElse(0);
    return DueTargets.of(replica % DueTargets.LIMIT);
  }

  /// The first hash of a partition.
  static ObjectHash first(PartitionId partition, int partPower) {
    long high = partPower == 0 ? 0 : (long) partition.value() << (Long.SIZE - partPower);
    return new ObjectHash(high, 0);
  }
}
