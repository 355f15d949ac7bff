package org.martlet.replicator.run;

import java.util.SortedMap;
import org.martlet.common.model.Digest;
import org.martlet.common.model.PartitionId;

/// What one device holds of one space: the objects of a policy, containers, or accounts. The upper
/// levels of the comparison, which are the same for all of them.
///
/// - Errors: [ReplicaFault]; everything may be asked again.
/// - Threads: any that may block.
public interface Replica {
  /// The digests of all partitions that the device holds anything of.
  SortedMap<PartitionId, Digest> roots(int partPower) throws ReplicaFault;

  /// Compares root digests on the device's side: only differences travel back.
  ///
  /// @param ours at most [org.martlet.common.replication.DigestTable#MAX_ENTRIES];
  ///     [Digest#ZERO] where we have nothing
  /// @return the device's digests of those partitions in which it differs
  SortedMap<PartitionId, Digest> differing(int partPower, SortedMap<PartitionId, Digest> ours)
      throws ReplicaFault;

  /// The digests of the leaves of one partition that are not empty.
  ///
  /// @param bits how many leading bits of the hash are to select a leaf
  LeafDigests leaves(int partPower, PartitionId partition, int bits) throws ReplicaFault;

  /// Tells the device that a pass over it has ended, by a ring that has it.
  void inTouch() throws ReplicaFault;
}
