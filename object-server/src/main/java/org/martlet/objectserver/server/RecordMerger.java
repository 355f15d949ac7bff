package org.martlet.objectserver.server;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.martlet.common.model.PathHasher;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.FrameHead;
import org.martlet.common.replication.MergeResult;
import org.martlet.common.replication.MergeResult.Outcome;
import org.martlet.common.replication.RecordClocks;
import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.store.DueTargets;
import org.martlet.objectserver.store.IndexedObject;
import org.martlet.objectserver.store.Mutation;
import org.martlet.objectserver.store.MutationOutcome;
import org.martlet.objectserver.store.NewBody;
import org.martlet.objectserver.store.PeerRecord;
import org.martlet.objectserver.store.Precondition;
import org.martlet.objectserver.store.StoreFault;

/// Decides which records that peers push are taken, and merges them.
///
/// Nothing of a frame is believed: the record has to have its checksum, be one that can be stored,
/// have the name that its hash is of, belong on this device by this server's ring, and come with
/// the body that it describes.
///
/// What a merge changes is told to this device's replica of the listing where the peer has not told
/// its own yet, and where the change is young: those that had it first may have reached one replica
/// of the listing alone, and the replicas of a listing agree only at the next interval of theirs.
/// Of a tombstone its clock does not say when it was made: one of an object that expired has the
/// time at which it ended.
final class RecordMerger {
  /// Within it replicas of a listing have agreed; well above their interval and skews of clocks.
  private static final Duration YOUNG = Duration.ofDays(1);

  private final PathHasher hasher;
  private final Primaries primaries;
  private final ListingUpdates listings;
  private final InstantSource clock;

  RecordMerger(
      PathHasher hasher, Primaries primaries, ListingUpdates listings, InstantSource clock) {
    this.hasher = hasher;
    this.primaries = primaries;
    this.listings = listings;
    this.clock = clock;
  }

  /// What is to be done about a frame, as far as its head and its record say.
  sealed interface Verdict {}

  /// It is not looked at further.
  record Decided(MergeResult result) implements Verdict {}

  /// Its body, where there is one, may come.
  ///
  /// @param bodyBytes of the body that comes, [FrameHead#OMITTED] for none
  record Welcome(PeerRecord record, DueTargets due, long bodyBytes) implements Verdict {}

  /// Does not block.
  ///
  /// @param record the bytes of the frame's record
  Verdict judge(Device device, int policy, FrameHead head, ByteBuffer record) {
    CRC32C crc = new CRC32C();
    crc.update(record.duplicate());
    if ((int) crc.getValue() != head.recordCrc()) {
      return refused();
    }
    PeerRecord decoded;
    try {
      decoded = PeerRecord.decode(ObjectKey.whole(policy, head.hash()), record);
    } catch (IllegalArgumentException e) {
      return refused();
    }
    if (!hasher.hash(decoded.record().path()).equals(head.hash()) || !isFitting(decoded, head)) {
      return refused();
    }
    if (!primaries.isPrimary(policy, head.hash(), device)) {
      return new Decided(new MergeResult(Outcome.NOT_PRIMARY, null));
    }
    ObjectClocks clocks = decoded.record().state().clocks();
    boolean tell = head.listingDue() || clocks.deleted() || isYoung(clocks);
    DueTargets due = tell ? primaries.target(policy, head.hash(), device) : DueTargets.NONE;
    boolean bodyComes = decoded.record().state().isLive();
    return new Welcome(decoded, due, bodyComes ? head.bodyBytes() : FrameHead.OMITTED);
  }

  private boolean isYoung(ObjectClocks clocks) {
    return clocks.newest().isAfter(Timestamp.of(clock.instant().minus(YOUNG)));
  }

  private static Verdict refused() {
    return new Decided(new MergeResult(Outcome.REFUSED, null));
  }

  /// Whether the body is as long as the record says, if it comes at all.
  private static boolean isFitting(PeerRecord record, FrameHead head) {
    return head.bodyBytes() == FrameHead.OMITTED
        || head.bodyBytes() == record.record().state().data().size();
  }

  /// Whether the device has all of a record already, or newer; what it has then. Blocks.
  Optional<MergeResult> covered(Device device, Welcome welcome) throws StoreFault {
    RecordClocks pushed = PeerClocks.of(welcome.record().record().state().clocks());
    return device
        .store()
        .lookup(welcome.record().record().key())
        .map(IndexedObject::clocks)
        .map(PeerClocks::of)
        .filter(ours -> ours.covers(pushed))
        .map(ours -> new MergeResult(Outcome.MERGED, ours));
  }

  /// Whether a body is the one that a record describes.
  static boolean isBodyOf(Welcome welcome, NewBody body) {
    return body.crc32c() == welcome.record().bodyCrc() && body.size() == welcome.bodyBytes();
  }

  /// Queues a record to be merged; blocks as [org.martlet.objectserver.store.DeviceStore#submit].
  ///
  /// @param body as of [#isBodyOf]; empty if none came
  CompletableFuture<MergeResult> merge(Device device, Welcome welcome, Optional<NewBody> body) {
    return device
        .store()
        .submit(
            new Mutation.Apply(welcome.record().record(), body, Precondition.NONE, welcome.due()))
        .thenApply(outcome -> result(device, welcome.due(), outcome));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a mark stays until its update is delivered
  private MergeResult result(Device device, DueTargets due, MutationOutcome outcome) {
    return switch (outcome) {
      case MutationOutcome.Stored stored -> {
        listings.sent(device, stored, due, "");
        yield with(Outcome.MERGED, Optional.of(stored.now().state().clocks()));
      }
      case MutationOutcome.Superseded superseded ->
          with(Outcome.MERGED, Optional.of(superseded.current()));
      case MutationOutcome.BodyNeeded needed -> with(Outcome.BODY_NEEDED, needed.current());
      case MutationOutcome.Refusal refusal -> new MergeResult(Outcome.TRY_LATER, null);
      case MutationOutcome.PreconditionFailed failed ->
          throw new IllegalStateException("a merge has no condition");
      case MutationOutcome.NotFound missing ->
          throw new IllegalStateException("a merge found nothing");
      case MutationOutcome.Forgotten forgotten ->
          throw new IllegalStateException("a merge forgot an object");
    };
  }

  private static MergeResult with(Outcome outcome, Optional<ObjectClocks> now) {
    return new MergeResult(outcome, now.map(PeerClocks::of).orElse(null));
  }
}
