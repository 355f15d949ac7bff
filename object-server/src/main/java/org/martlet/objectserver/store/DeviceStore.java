package org.martlet.objectserver.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.martlet.common.disk.DiskSpace;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.replication.HashRange;
import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.state.ObjectKey;

/// The objects of one device.
///
/// - Durability: a mutation whose future completes with [MutationOutcome.Stored] is on stable
///   storage together with its due marks; one that completes with anything else, or never does
///   because the process died, is afterwards there whole or not at all.
/// - Errors: expected answers are outcomes; [StoreFault] is thrown by reads when the device
///   cannot answer. Futures never complete exceptionally.
/// - Threads: any platform thread except event loops: every method that reads, and [#submit], may
///   block on the device. Callers bound how many threads do so. Threads in here are never
///   interrupted.
public interface DeviceStore extends AutoCloseable {

  /// The identity in `device.json`.
  UUID deviceUuid();

  /// The device's condition now; one call a second measures the space, which may block.
  DeviceStatus status();

  /// The device's condition as of the last measure of the space; never blocks.
  DeviceStatus lastStatus();

  /// What went wrong since it was opened.
  FaultCounts faults();

  /// Tells how long its calls take.
  DeviceTimes times();

  /// The space as it was last measured; empty before the first measure; never blocks.
  Optional<DiskSpace> lastSpace();

  /// Has somebody told of each object that is found damaged and quarantined from now on; replaces
  /// whoever was told before. Called on the thread that found it; must be quick.
  void whenQuarantined(Consumer<ObjectKey> listener);

  /// Whether a mutation that brings a body of this length would be refused now, without asking
  /// the queue: to be asked before a byte of a body is taken. Never blocks on the device's
  /// writes.
  ///
  /// @param bodyBytes 0 for a mutation without a body; those are let through down to the hard
  ///     reserve
  Optional<MutationOutcome.Refusal> refusal(long bodyBytes);

  /// What the index knows: tombstones included; empty where the device has nothing.
  Optional<IndexedObject> lookup(ObjectKey key) throws StoreFault;

  /// The full record, verified: tombstones included; empty where the device has nothing.
  Optional<StoredObject> read(ObjectKey key) throws StoreFault;

  /// The full record with its body ready to be read; for a small body this is one read of the
  /// volume. Tombstones included (their body is empty); empty where the device has nothing.
  Optional<OpenObject> open(ObjectKey key) throws StoreFault;

  /// Queues a mutation for the next group commit.
  ///
  /// The future completes on the committer's thread: continuations must be short, or be moved
  /// elsewhere (`thenAcceptAsync`). Buffers of an inline body belong to the store until then.
  CompletableFuture<MutationOutcome> submit(Mutation mutation);

  /// Refuses, as [MutationOutcome.Busy], what has waited too long for the committer, also while it
  /// hangs in the device. To be called regularly; never blocks on the device.
  void refuseOverdue();

  /// How much waits for the committer now; never blocks on the device.
  int queued();

  /// The largest body that [NewBody#inline] takes; a larger one goes through [#newBlob].
  int inlineLimit();

  /// Starts a body that is streamed to its own file.
  ///
  /// @throws StoreFault when the device takes no bodies now; see [StoreFault#refusal]
  BlobWriter newBlob() throws StoreFault;

  /// Listing updates that are due, those with the smallest sequence (longest unchanged) first.
  ///
  /// @param after the last mark of the page before; empty to begin at the oldest
  /// @param limit 1 or more
  List<DueMark> dueMarks(Optional<DueMark> after, int limit) throws StoreFault;

  /// Removes a mark whose update was delivered, unless the object has changed since the mark was
  /// read: then the mark has a later sequence and stays.
  ///
  /// Not logged: after a crash, or an index rebuild, an update may be due again.
  ///
  /// @return false if the mark was not there any more
  CompletableFuture<Boolean> clear(DueMark mark);

  /// A live object that expires.
  ///
  /// @param deleteAt seconds since the epoch
  record Expiring(long deleteAt, ObjectKey key) {}

  /// What expires up to a time, that time included, first those that expire first.
  ///
  /// @param until seconds since the epoch
  /// @param after the last one of the page before; empty to begin with the first
  /// @param limit 1 or more
  List<Expiring> expiring(long until, Optional<Expiring> after, int limit) throws StoreFault;

  /// The digest over all objects and tombstones of a partition; [Digest#ZERO] for none.
  Digest partitionDigest(int policy, int partPower, PartitionId partition) throws StoreFault;

  /// The digests of all partitions of which the device holds anything, in order: one scan of the
  /// leaves. For a part power above [#leafBits] they are computed from the entries, and finer
  /// leaves are begun; where that takes long, it is [MutationOutcome.Busy] until there are those.
  SortedMap<Integer, Digest> partitionDigests(int policy, int partPower) throws StoreFault;

  /// How many leading bits of the hash select a digest leaf on this device.
  int leafBits();

  /// The digests of the non-empty leaves of a partition, in order.
  ///
  /// @param bits how many leading bits of the hash select a leaf: at least `partPower`, at most
  ///     [#leafBits] (peers compare at the smaller of theirs)
  List<LeafDigest> leafDigests(int policy, int partPower, PartitionId partition, int bits)
      throws StoreFault;

  /// What the index knows of a range of hashes, in key order, tombstones included.
  ///
  /// @param from the first hash, inclusive
  /// @param to the last hash, inclusive
  /// @param limit 1 or more; to go on, list again after the last key returned
  List<IndexedObject> list(int policy, ObjectHash from, ObjectHash to, int limit) throws StoreFault;

  /// A part of a listing of whole objects and tombstones.
  ///
  /// @param next where to go on; empty at the end of the range
  record IndexPage(List<IndexedObject> objects, Optional<ObjectHash> next) {}

  /// What the index knows of whole objects and tombstones in a range of hashes, in order.
  ///
  /// @param limit 1 or more
  /// @param filter only those; asked often, must be quick
  /// @param isOver asked from time to time: whether to end early
  IndexPage scan(
      int policy,
      HashRange range,
      int limit,
      Predicate<ObjectClocks> filter,
      BooleanSupplier isOver)
      throws StoreFault;

  /// Counts of one policy; zeros for one that the device has never seen.
  PolicyStatistics statistics(int policy);

  /// The policies that the device holds anything of.
  List<Integer> policies();

  /// What the verification of everything that is stored has found; never blocks.
  AuditReport auditReport();

  /// What the volumes hold; never blocks.
  VolumesReport volumes();

  /// What was written, for whom; never blocks.
  WrittenReport written();

  /// What has been done to give the space of garbage back; never blocks.
  CompactionReport compaction();

  /// Everything that is known of an object here, every checksum verified; quarantines nothing.
  ///
  /// Reads the whole body, which may take long: not to be called on threads that serve clients.
  ObjectFacts inspect(ObjectKey key) throws StoreFault;

  /// Everything that is known of the device; what cannot be read is told as a problem.
  ///
  /// May take seconds: not to be called on threads that serve clients.
  DeviceFacts describe();

  /// When a pass over what is here last ended, by a ring that has the device; empty if none has.
  Optional<Instant> lastPass() throws StoreFault;

  /// Notes that moment, durably.
  void passed(Instant moment) throws StoreFault;

  /// Stops taking mutations, commits what is queued, makes the index durable and releases the
  /// device.
  ///
  /// Idempotent. Open bodies fail afterwards.
  @Override
  void close();
}
