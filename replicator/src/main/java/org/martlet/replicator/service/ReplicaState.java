package org.martlet.replicator.service;

import org.jspecify.annotations.Nullable;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.ring.RingDevice;

/// What one device says of an object.
///
/// @param kind whether it has it
/// @param data clock of the body; of a tombstone, and of nothing, [Timestamp#ZERO]
/// @param metadata clock of the metadata, without an offset
/// @param newest of all clocks
/// @param deleteAt seconds since the epoch; 0 for never
record ReplicaState(
    RingDevice device,
    Kind kind,
    Timestamp data,
    Timestamp metadata,
    Timestamp newest,
    long deleteAt) {
  enum Kind {
    LIVE,
    DELETED,
    /// It knows nothing: it may have lost it, or never had it.
    UNKNOWN
  }

  boolean isLive() {
    return kind == Kind.LIVE;
  }

  boolean isKnown() {
    return kind != Kind.UNKNOWN;
  }

  /// Whether it lasts no longer than to this moment.
  boolean isDueBy(long seconds) {
    return isLive() && deleteAt > 0 && deleteAt <= seconds;
  }

  /// From the answer to a HEAD that opens what has expired.
  static ReplicaState of(RingDevice device, Reply reply) {
    @Nullable Timestamp newest = reply.stored();
    if (newest == null || !(reply.isSuccess() || reply.status() == 404)) {
      return new ReplicaState(
          device, Kind.UNKNOWN, Timestamp.ZERO, Timestamp.ZERO, Timestamp.ZERO, 0);
    }
    if (!reply.isSuccess()) {
      return new ReplicaState(device, Kind.DELETED, Timestamp.ZERO, Timestamp.ZERO, newest, 0);
    }
    return new ReplicaState(
        device,
        Kind.LIVE,
        orZero(reply.clock(BackendHeaders.DATA_TIMESTAMP)),
        orZero(reply.clock(BackendHeaders.TIMESTAMP)),
        newest,
        seconds(reply.headers().getOr("X-Delete-At", "0")));
  }

  private static Timestamp orZero(@Nullable Timestamp clock) {
    return clock == null ? Timestamp.ZERO : clock;
  }

  private static long seconds(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
