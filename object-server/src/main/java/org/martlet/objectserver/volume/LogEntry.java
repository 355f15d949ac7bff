package org.martlet.objectserver.volume;

import java.nio.ByteBuffer;
import java.util.List;
import org.martlet.objectserver.state.ObjectKey;

/// A record before it has a place in the log.
///
/// @param envelope encoded; empty for a gone record
/// @param body what goes into the record itself; empty where the body lies elsewhere
/// @param checksums of that body
/// @param oldestVolume the oldest volume that may hold a record of the same key; 0: the one that
///     this record comes into
public record LogEntry(
    RecordKind kind,
    ObjectKey key,
    long sequence,
    ByteBuffer envelope,
    List<ByteBuffer> body,
    BodyChecksums checksums,
    int oldestVolume) {
  /// A record without a body in it.
  public static LogEntry withoutBody(
      RecordKind kind, ObjectKey key, long sequence, ByteBuffer envelope, int oldestVolume) {
    return new LogEntry(
        kind, key, sequence, envelope, List.of(), BodyChecksums.EMPTY, oldestVolume);
  }
}
