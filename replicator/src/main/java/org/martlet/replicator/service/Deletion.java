package org.martlet.replicator.service;

import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.run.ReplicaFault;

/// Deletes something on all its primaries.
final class Deletion {
  private static final int ROUNDS = 3;

  private final Backends backends;

  Deletion(Backends backends) {
    this.backends = backends;
  }

  /// What became of it.
  ///
  /// @param gone primaries that have it deleted, or something newer
  /// @param conflict the newest clock that a primary holds against it; null if none does
  record Result(int gone, int conflicts, @Nullable Timestamp conflict) {}

  /// Sends the deletion once.
  ///
  /// @param headers without the clock
  /// @throws ReplicaFault if this side is stopping
  Result send(Place place, Headers headers, Timestamp at) throws ReplicaFault {
    Headers all = headers.copy().set(BackendHeaders.TIMESTAMP, at.internal());
    int gone = 0;
    int conflicts = 0;
    @Nullable Timestamp newest = null;
    for (RingDevice device : place.primaries()) {
      try {
        Reply reply = backends.ask(device, place, "DELETE", all);
        if (reply.isSuccess() || reply.status() == 404) {
          gone++;
        } else if (reply.status() == 409) {
          conflicts++;
          @Nullable Timestamp stored = reply.stored();
          if (stored != null) {
            newest = newest == null ? stored : Timestamp.max(newest, stored);
          }
        }
      } catch (ReplicaFault e) {
        if (e.kind() == ReplicaFault.Kind.STOPPED) {
          throw e;
        }
      }
    }
    return new Result(gone, conflicts, newest);
  }

  /// Deletes whatever is there, with a clock above all that is known of it.
  ///
  /// @return whether a majority of the primaries has it deleted
  /// @throws ReplicaFault if this side is stopping
  boolean outbid(Place place, Headers headers, Timestamp from) throws ReplicaFault {
    Timestamp at = from;
    for (int round = 0; round < ROUNDS; round++) {
      Result result = send(place, headers, at);
      @Nullable Timestamp conflict = result.conflict();
      if (conflict == null || conflict.ticks() == Timestamp.MAX_TICKS) {
        return result.gone() >= place.majority();
      }
      at = Timestamp.max(conflict, at).nextTick();
    }
    return false;
  }
}
