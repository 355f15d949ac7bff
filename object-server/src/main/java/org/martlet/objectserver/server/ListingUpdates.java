package org.martlet.objectserver.server;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Refused;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.objectserver.outbox.Outbox;
import org.martlet.objectserver.outbox.OutboxDevice;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.store.DueTargets;
import org.martlet.objectserver.store.MutationOutcome;

/// What follows from a change that is stored: decides which listing updates it makes due, has them
/// sent, and has what was stored in the stead of a primary brought there.
final class ListingUpdates {
  private final ObjectRings rings;
  private final Outbox outbox;

  ListingUpdates(ObjectRings rings, Outbox outbox) {
    this.rings = rings;
    this.outbox = outbox;
  }

  /// Where the change that a request makes is to be reported.
  ///
  /// @throws Refused 400 if the replica's number is not understood
  DueTargets due(ObjectCall call) {
    if (call.isReplication() || call.isTrue(BackendHeaders.NO_LISTING_UPDATE)) {
      return DueTargets.NONE;
    }
    @Nullable String given = call.headers().get(BackendHeaders.REPLICA_INDEX);
    if (given == null) {
      int replica =
          rings.replica(call.key().policy(), call.key().hash(), call.device().name()).orElse(0);
      return DueTargets.of(replica % DueTargets.LIMIT);
    }
    String digits = given.strip();
    boolean number =
        digits.length() >= 1
            && digits.length() <= 2
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number || Integer.parseInt(digits) >= DueTargets.LIMIT) {
      throw new Refused(400, "Invalid " + BackendHeaders.REPLICA_INDEX + " header");
    }
    return DueTargets.of(Integer.parseInt(digits));
  }

  /// Sends the updates of a change; where the object does not belong on the device, notes that its
  /// primaries are to get it.
  ///
  /// Completes when the answer need not wait for the update any longer.
  CompletableFuture<@Nullable Void> sent(
      ObjectCall call, MutationOutcome.Stored stored, DueTargets due) {
    String origin = call.headers().getOr(BackendHeaders.TRANSACTION, "");
    return sent(call.device(), stored, due, origin);
  }

  /// The same for a change that is somebody else's.
  ///
  /// @param origin the transaction id of the request that made it; empty if it is not known
  CompletableFuture<@Nullable Void> sent(
      Device device, MutationOutcome.Stored stored, DueTargets due, String origin) {
    ObjectKey key = stored.now().key();
    if (rings.replica(key.policy(), key.hash(), device.name()).isEmpty()) {
      device.repairs().add(key, RepairQueue.Reason.HANDOFF);
    }
    if (due.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    OutboxDevice from = new OutboxDevice(device.name(), device.store(), device.lane());
    return outbox.send(from, stored.now(), stored.sequence(), due, origin);
  }
}
