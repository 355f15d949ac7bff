package org.martlet.replicator.plan;

import org.martlet.common.replication.RecordEntry;

/// How two primaries differ in one record.
public sealed interface RecordDifference {

  /// The peer lacks the record or has an older one.
  record Push(RecordEntry ours, PushContent content) implements RecordDifference {}

  /// The peer has a newer record, or one that we lack; its own pass pushes it.
  record Expect(RecordEntry peers) implements RecordDifference {}

  /// Each has something that the other has not: ours is to be pushed, the peer's will come.
  record Exchange(Push push, RecordEntry peers) implements RecordDifference {}
}
