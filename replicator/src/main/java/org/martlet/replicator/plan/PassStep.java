package org.martlet.replicator.plan;

import java.util.List;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.RingDevice;

/// One thing to do in a pass.
public sealed interface PassStep {

  /// Bring what is held of a partition that belongs elsewhere to all its primaries, then drop it
  /// ([HandoffRule]).
  ///
  /// @param primaries at least one; this device is none of them
  record GiveAway(PartitionId partition, List<RingDevice> primaries) implements PassStep {
    public GiveAway {
      primaries = List.copyOf(primaries);
    }
  }

  /// Compare the root digests of all partitions of which both devices are primaries, and descend
  /// where they differ.
  ///
  /// @param shared at least one; first those that this device should fill up if the peer has lost
  ///     them, each part in order
  record Compare(RingDevice peer, List<PartitionId> shared) implements PassStep {
    public Compare {
      shared = List.copyOf(shared);
    }

    /// The partitions to descend into.
    public List<PartitionId> differing(DigestSet<PartitionId> ours, DigestSet<PartitionId> peers) {
      return ours.differing(peers, shared);
    }
  }
}
