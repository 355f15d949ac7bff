package org.martlet.replicator.run;

import java.util.Set;
import org.martlet.common.model.PartitionId;
import org.martlet.common.replication.HashRange;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.plan.PassStep;

/// How one local device and another come to the same in one space, below the digests: what is
/// different for objects and for listings. The pass above it is the same for all.
///
/// - Errors: a fault of a peer is [ReplicaFault] where one peer is meant, else it is told to the
///   pass ([Pass#failed]); a fault of the local device is always thrown as [LocalFault].
/// - Threads: any that may block; several steps of one pass may run at once.
public interface SpaceExchange {
  /// The local device.
  Replica local();

  /// Another device; nothing is sent yet.
  Replica peer(RingDevice device);

  /// Brings what the local device has in a range of hashes to another primary. The range is of
  /// one partition.
  ///
  /// @throws ReplicaFault if the peer does not answer
  Comparison compare(Pass pass, RingDevice peer, HashRange range) throws ReplicaFault, LocalFault;

  /// How a comparison ended.
  enum Comparison {
    /// Both have the same, or what one of them lacks may be forgotten.
    SAME,
    /// They differed; what the peer lacked was sent to it.
    DIFFERED,
    /// By its own ring the peer is no primary: nothing was sent.
    RINGS_DIFFER
  }

  /// Brings what the local device holds of a partition that belongs elsewhere to all its primaries,
  /// and forgets what all of them have.
  Handover giveAway(Pass pass, PassStep.GiveAway step) throws LocalFault;

  /// What came of giving away.
  ///
  /// @param forgotten here, durably
  /// @param kept until a primary answers, its ring is ours, or a listing has heard of it
  /// @param silent how many of those kept wait for nothing but primaries that do not answer: as
  ///     long as they do not, there is nothing to be done about these
  /// @param held past the reclaim age and known to no primary: to be looked at by an operator
  record Handover(long forgotten, long kept, long silent, long held) {
    public static final Handover NOTHING = new Handover(0, 0, 0, 0);

    /// Where nobody has looked what those that were kept wait for.
    public Handover(long forgotten, long kept, long held) {
      this(forgotten, kept, 0, held);
    }

    public Handover plus(Handover other) {
      return new Handover(
          forgotten + other.forgotten, kept + other.kept, silent + other.silent, held + other.held);
    }

    boolean waitsForSilentOnly() {
      return kept > 0 && silent == kept;
    }

    public boolean isComplete() {
      return kept == 0 && held == 0;
    }
  }

  /// Notes what is past the reclaim age now, before comparisons that may show that every other
  /// primary can do without it.
  default Reclaim beginReclaim(Pass pass) throws LocalFault {
    return Reclaim.NOTHING;
  }

  /// What was noted by [#beginReclaim].
  interface Reclaim {
    Reclaim NOTHING = clean -> new Reclaimed(0, 0);

    /// Forgets what has not changed since it was noted.
    ///
    /// @param clean the partitions that were since compared with every other primary, and were the
    ///     same
    Reclaimed finish(Set<PartitionId> clean) throws LocalFault;
  }

  /// @param kept for want of a clean comparison
  record Reclaimed(long forgotten, long kept) {}
}
