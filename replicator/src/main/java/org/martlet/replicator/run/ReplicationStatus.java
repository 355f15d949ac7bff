package org.martlet.replicator.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a node's replication has done, is doing, and what it waits for. Immutable.
///
/// @param paused whether an operator has paused it
/// @param holdings one for each local device and space
/// @param repairs one for each local device with objects
public record ReplicationStatus(
    boolean paused, List<HoldingStatus> holdings, List<RepairStatus> repairs) {
  public ReplicationStatus {
    holdings = List.copyOf(holdings);
    repairs = List.copyOf(repairs);
  }

  /// Whether nothing that belongs elsewhere by the ring of this version is left on this node in a
  /// space: as far as this node goes, the ring before it may be forgotten.
  public boolean isSettled(Space space, long ringVersion) {
    return holdings.stream()
        .filter(holding -> holding.space().equals(space))
        .allMatch(holding -> holding.ring().settled() && holding.ring().version() == ringVersion);
  }

  /// Whether what is on this node in a space is also wherever else the ring of this version places
  /// it: each local device has settled, and a pass by that ring has reached every peer.
  public boolean isComplete(Space space, long ringVersion) {
    return isSettled(space, ringVersion)
        && holdings.stream()
            .filter(holding -> holding.space().equals(space))
            .allMatch(holding -> holding.ring().complete());
  }

  /// What a pass is at.
  public enum Phase {
    IDLE,
    HANDOFFS,
    COMPARING,
    RECLAIMING
  }

  /// @param faults of the pass under way or the last one
  public record HoldingStatus(
      Space space,
      String device,
      PassState pass,
      Moved moved,
      Backlog backlog,
      RingState ring,
      List<PeerFault> faults) {
    public HoldingStatus {
      faults = List.copyOf(faults);
    }
  }

  /// @param number of the pass under way or the last one; 0 before the first
  /// @param done partitions, counted once for each peer that shares them
  /// @param left of the same
  /// @param eta to the end of the pass; empty if there is none, or nothing to tell it from
  /// @param lastComplete when a pass last ended that had reached every peer
  /// @param lastTook how long that pass took
  /// @param waiting reasons, in words; none while nothing keeps it
  /// @param peersDown devices that do not answer, and are left out until they do
  public record PassState(
      long number,
      Phase phase,
      int done,
      int left,
      Optional<Duration> eta,
      Optional<Instant> lastComplete,
      Optional<Duration> lastTook,
      List<String> waiting,
      int peersDown) {
    public PassState {
      waiting = List.copyOf(waiting);
    }
  }

  /// @param objects records brought to other devices since the start
  /// @param bytes of the same, as they were sent
  /// @param bytesPerSecond in the pass under way or the last one
  public record Moved(long objects, long bytes, double bytesPerSecond) {}

  /// @param handoffPartitions of which something is here that belongs elsewhere
  /// @param handoffsKept records that wait for a primary, its ring, or a listing
  /// @param handoffsHeld records past the reclaim age that no primary knows: they are not pushed
  /// @param tombstonesKept past the reclaim age, for want of a clean comparison with every primary
  public record Backlog(
      int handoffPartitions, long handoffsKept, long handoffsHeld, long tombstonesKept) {}

  /// @param version of the ring of the pass under way or the last one
  /// @param settled whether all that moved by it has gone from this device
  /// @param complete whether a pass by it has ended that reached every peer, all of the same ring
  public record RingState(long version, boolean settled, boolean complete) {}

  /// @param last in words
  public record PeerFault(String peer, long count, String last) {}

  /// The single repairs of one device.
  ///
  /// @param queued that wait for their first or another try
  /// @param done since the start
  /// @param dropped for want of room; a pass finds what they were about
  /// @param lost damaged copies of which no primary had another
  public record RepairStatus(String device, int queued, long done, long dropped, long lost) {}
}
