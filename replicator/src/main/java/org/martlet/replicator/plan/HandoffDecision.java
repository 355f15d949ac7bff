package org.martlet.replicator.plan;

import java.util.List;
import java.util.Map;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.replication.RecordEntry;

/// What to do with a handoff copy, by what its primaries have said so far.
public sealed interface HandoffDecision {

  /// All primaries have it: drop it, if it still has this sequence when the drop is committed.
  record Drop(ObjectHash hash, long sequence) implements HandoffDecision {}

  /// Push it to primaries that lack it, or that do not certainly have it, and decide again with
  /// their answers.
  ///
  /// @param to at least one
  record Push(RecordEntry copy, Map<DeviceId, PushContent> to) implements HandoffDecision {
    public Push {
      to = Map.copyOf(to);
    }
  }

  /// Keep it until this has changed.
  ///
  /// @param reasons at least one
  record Wait(ObjectHash hash, List<Reason> reasons) implements HandoffDecision {
    public Wait {
      reasons = List.copyOf(reasons);
    }
  }

  /// Keep it and report it: older than any tombstone is kept, and no primary knows of it. To push
  /// it might bring back what was deleted.
  record Hold(ObjectHash hash) implements HandoffDecision {}

  /// It has changed, or is gone, since it was listed: what the primaries said is of no use.
  record ListAgain(ObjectHash hash) implements HandoffDecision {}

  /// By the ring this device is a primary: it is no handoff copy.
  record BelongsHere(ObjectHash hash) implements HandoffDecision {}

  /// Why a copy waits.
  sealed interface Reason {

    /// A primary has not answered.
    record NoReport(DeviceId primary) implements Reason {}

    /// A primary's own ring says that it is none.
    record RingsDiffer(DeviceId primary) implements Reason {}

    /// A listing has yet to hear of it.
    record ListingDue() implements Reason {}
  }
}
