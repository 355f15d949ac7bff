package org.martlet.replicator.run;

import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

/// What all steps of one pass over one space of one local device have in common.
///
/// - Threads: any.
///
/// @param self the local device's number in the ring; one that the ring has not, if it knows the
///     device no more
/// @param ages what is too old when the pass began
/// @param movedByRing whether by the ring before this one a record belonged on this device
/// @param health of the devices of the space
/// @param progress of this device in this space
/// @param isCurrent whether the ring is still this one, and nobody wants the pass to end
public record Pass(
    Ring ring,
    DeviceId self,
    Ages ages,
    Predicate<ObjectHash> movedByRing,
    PeerHealth health,
    Progress progress,
    BooleanSupplier isCurrent) {
  /// Stands for a device that its ring does not know.
  public static final DeviceId NOWHERE = new DeviceId(Integer.MAX_VALUE);

  /// @param heldBefore now less the reclaim age: live copies that are older are not given to
  ///     primaries of which none knows them
  /// @param lapsedBefore tombstones that are older may be forgotten; earlier than `heldBefore`, or
  ///     a device whose clock is behind would still give away what a tombstone here had deleted
  public record Ages(Timestamp heldBefore, Timestamp lapsedBefore) {}

  public Timestamp lapsedBefore() {
    return ages.lapsedBefore();
  }

  /// Whether the ring has the local device. One that it has is waited for: no tombstone goes
  /// anywhere without a clean comparison with it, however long it is silent. One that it has not
  /// misses what happens.
  boolean isInRing() {
    return !self.equals(NOWHERE);
  }

  /// Whether it makes sense to ask a device now; those that did not answer are asked by
  /// [PeerHealth] alone until they do.
  public boolean mayAsk(RingDevice device) {
    return health.isUp(device);
  }

  /// A device did not do what it was asked; not its fault if this side is stopping.
  public void failed(RingDevice device, ReplicaFault fault) {
    if (fault.kind() == ReplicaFault.Kind.STOPPED) {
      return;
    }
    progress.failed(device, fault);
    health.failed(device, fault);
  }
}
