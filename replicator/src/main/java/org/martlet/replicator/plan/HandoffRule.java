package org.martlet.replicator.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.RecordClocks;
import org.martlet.common.replication.RecordEntry;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

/// Decides what becomes of a device's handoff copies.
///
/// A copy is dropped only when every primary by our ring is a primary by its own, and has been
/// shown to hold at least our state: by clocks that [RecordClocks#covers] ours, or by its answer
/// to a push of the very sequence that is still here.
///
/// - Threads: any; immutable.
public final class HandoffRule {
  private final Ring ring;
  private final DeviceId self;
  private final Timestamp heldBefore;
  private final Predicate<ObjectHash> movedByRing;

  /// @param self the device that has the copies
  /// @param heldBefore now less the reclaim age: live copies whose data is older are pushed only
  ///     where a primary knows the object: it may have been deleted, and the deletion forgotten,
  ///     while this device was away. A POST makes no copy younger: it may have found this one
  ///     when all primaries had already forgotten
  /// @param movedByRing whether a record belonged here by the ring before, and to none of its
  ///     present primaries: that none of them knows it says nothing
  public HandoffRule(
      Ring ring, DeviceId self, Timestamp heldBefore, Predicate<ObjectHash> movedByRing) {
    this.ring = ring;
    this.self = self;
    this.heldBefore = heldBefore;
    this.movedByRing = movedByRing;
  }

  /// @param reports the latest of each device, by what it is in our ring; devices that are no
  ///     primaries are not looked at
  public HandoffDecision decide(HandoffCopy copy, Map<DeviceId, PrimaryReport> reports) {
    RecordEntry listed = copy.listed();
    PartitionId partition = ring.partition(listed.hash());
    if (ring.isPrimary(partition, self)) {
      return new HandoffDecision.BelongsHere(listed.hash());
    }
    if (!copy.isUnchanged()) {
      return new HandoffDecision.ListAgain(listed.hash());
    }
    Findings findings = new Findings(listed);
    for (RingDevice primary : ring.primaries(partition)) {
      findings.add(primary.id(), reports.get(primary.id()));
    }
    return decide(copy, findings);
  }

  private HandoffDecision decide(HandoffCopy copy, Findings findings) {
    RecordEntry listed = copy.listed();
    boolean nobodyKnows =
        isPastReclaim(listed.clocks()) && !findings.known && !movedByRing.test(listed.hash());
    if (isPastReclaim(listed.clocks()) && findings.deletedSince) {
      // Others may have forgotten the tombstone that one still has, or be about to: what it
      // deleted, pushed now, might be back there. Nothing of ours matters beside it.
      findings.behind.clear();
    }
    if (nobodyKnows && findings.reasons.isEmpty()) {
      return new HandoffDecision.Hold(listed.hash());
    }
    if (!nobodyKnows && !findings.behind.isEmpty()) {
      return new HandoffDecision.Push(listed, findings.behind);
    }
    if (copy.listingDue()) {
      findings.reasons.add(new HandoffDecision.Reason.ListingDue());
    }
    return findings.reasons.isEmpty()
        ? new HandoffDecision.Drop(listed.hash(), listed.sequence())
        : new HandoffDecision.Wait(listed.hash(), findings.reasons);
  }

  private boolean isPastReclaim(RecordClocks clocks) {
    return !clocks.data().deleted() && heldBefore.isAfter(clocks.data().timestamp());
  }

  /// What the primaries' reports come to.
  private static final class Findings {
    private final RecordEntry ours;
    private final Map<DeviceId, PushContent> behind = new TreeMap<>();
    private final List<HandoffDecision.Reason> reasons = new ArrayList<>();
    private boolean known;
    private boolean deletedSince;

    Findings(RecordEntry ours) {
      this.ours = ours;
    }

    void add(DeviceId primary, @Nullable PrimaryReport report) {
      if (report == null) {
        reasons.add(new HandoffDecision.Reason.NoReport(primary));
        return;
      }
      switch (report) {
        case PrimaryReport.NotPrimary notPrimary ->
            reasons.add(new HandoffDecision.Reason.RingsDiffer(primary));
        case PrimaryReport.Lacks lacks -> behind.put(primary, PushContent.toNothing(ours.clocks()));
        case PrimaryReport.Holds holds -> addHolder(primary, holds.clocks(), false);
        case PrimaryReport.Merged merged ->
            addHolder(primary, merged.now(), merged.sequence() == ours.sequence());
      }
    }

    private void addHolder(DeviceId primary, RecordClocks clocks, boolean mergedOurs) {
      known = true;
      deletedSince |= clocks.data().deleted() && clocks.data().compareTo(ours.clocks().data()) > 0;
      boolean proven = clocks.covers(ours.clocks());
      boolean answered = mergedOurs && !ours.clocks().isAheadOf(clocks);
      if (!proven && !answered) {
        behind.put(primary, PushContent.to(clocks, ours.clocks()));
      }
    }
  }
}
