package org.martlet.replicator.plan;

import org.martlet.common.replication.RecordClocks;

/// What a push has to carry. A peer may still ask for a body that was not sent: one that it has
/// lost since, or under headers that no clock shows.
public enum PushContent {
  /// The state alone: a tombstone, or the peer has the same body or a later one.
  STATE,
  /// The state and the body.
  STATE_AND_BODY;

  /// For a peer that has nothing.
  static PushContent toNothing(RecordClocks ours) {
    return ours.data().deleted() ? STATE : STATE_AND_BODY;
  }

  /// For a peer that has something.
  static PushContent to(RecordClocks peers, RecordClocks ours) {
    return ours.data().compareTo(peers.data()) > 0 ? toNothing(ours) : STATE;
  }
}
