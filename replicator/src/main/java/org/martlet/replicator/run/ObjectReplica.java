package org.martlet.replicator.run;

import java.util.List;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.replication.ForgetItem;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.MergeResult;
import org.martlet.replicator.plan.RecordPage;

/// The objects of one policy on one device.
public interface ObjectReplica extends Replica {
  /// What the device has in a range of hashes, and whether by its own ring it is a primary of the
  /// partition that the range begins in.
  record Listed(RecordPage page, boolean isPrimary) {}

  /// @param limit 1 to [org.martlet.common.replication.RecordList#MAX_ENTRIES]
  Listed records(HashRange range, int limit) throws ReplicaFault;

  /// Whole records with their bodies, as bytes to be passed on; large bodies are left out. What is
  /// gone or damaged is not among them; where the answer would be too large it ends early.
  List<RecordFrame> fetch(List<ObjectHash> hashes) throws ReplicaFault;

  /// Brings records to this device; what is in them is durable there once the answer says so.
  ///
  /// @return one result for each, in order
  List<MergeResult> merge(List<RecordFrame> frames) throws ReplicaFault;

  /// Brings one record with a body of any size from another device to this one, as a stream.
  MergeResult copyFrom(ObjectReplica source, ObjectHash hash) throws ReplicaFault;

  /// Makes the device forget records that are still what they were.
  ///
  /// @return one outcome for each, in order
  List<ForgetItem.Outcome> forget(Reason reason, List<ForgetItem> items) throws ReplicaFault;

  /// Why a record is forgotten.
  enum Reason {
    /// A handoff copy that all primaries have.
    DROPPED,
    /// A tombstone past its time.
    PURGED
  }
}
