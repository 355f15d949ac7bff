package org.martlet.replicator.run;

import java.util.List;
import java.util.Optional;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.ForgetItem;
import org.martlet.common.replication.FrameHead;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.MergeResult;
import org.martlet.common.replication.RecordEntry;
import org.martlet.replicator.plan.RecordPage;

/// The objects of one policy on one device.
public interface ObjectReplica extends Replica {
  /// The longest body that travels in a batch; longer ones travel alone ([#copyFrom]).
  long MAX_BATCHED_BODY = 1 << 20;

  /// What the device has in a range of hashes, and whether by its own ring it is a primary of the
  /// partition that the range begins in.
  record Listed(RecordPage page, boolean isPrimary) {}

  /// Tombstones that a device has in the beginning of a range.
  ///
  /// @param rest of the range that was not looked at; empty at its end
  record Tombstones(List<RecordEntry> entries, Optional<HashRange> rest) {
    public Tombstones {
      entries = List.copyOf(entries);
    }
  }

  /// What came of copying one record.
  ///
  /// @param head of what the source sent
  record Copied(FrameHead head, MergeResult result) {}

  /// @param limit 1 to [org.martlet.common.replication.RecordList#MAX_ENTRIES]
  Listed records(HashRange range, int limit) throws ReplicaFault;

  /// The tombstones of which no clock is as late as a moment.
  ///
  /// @param limit as of [#records]
  Tombstones tombstones(HashRange range, Timestamp before, int limit) throws ReplicaFault;

  /// Whole records with their bodies, as bytes to be passed on; bodies longer than
  /// [#MAX_BATCHED_BODY] are left out. What is gone or damaged is not among them; where the answer
  /// would be too large it ends early.
  ///
  /// @return in the order asked
  List<RecordFrame> fetch(List<ObjectHash> hashes) throws ReplicaFault;

  /// Brings records to this device; what is in them is durable there once the answer says so.
  ///
  /// @return one result for each, in order
  List<MergeResult> merge(List<RecordFrame> frames) throws ReplicaFault;

  /// Brings one record with a body of any size from another device to this one, as a stream.
  ///
  /// @return empty if the source does not have it, or found it damaged before it sent anything
  Optional<Copied> copyFrom(ObjectReplica source, ObjectHash hash) throws ReplicaFault;

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
