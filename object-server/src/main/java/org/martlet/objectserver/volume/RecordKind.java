package org.martlet.objectserver.volume;

import org.jspecify.annotations.Nullable;

/// What a log record says of its object. Every record but the gone ones carries the whole merged
/// state, so that the record with the highest sequence alone decides.
public enum RecordKind {
  /// A live state; the body is in this record.
  PUT_INLINE(1),
  /// A live state; the body is in a blob file.
  PUT_BLOB(2),
  /// A live state with new metadata; the body stays where it was.
  POST(3),
  /// A tombstone.
  DELETE(4),
  /// A copy of a record, moved here by compaction.
  RELOCATE(5),
  /// Gone: a handoff copy that was given away.
  DROP(6),
  /// Gone: a tombstone that was reclaimed.
  PURGE(7),
  /// Gone: what was stored is damaged.
  QUARANTINE(8);

  private final int code;

  RecordKind(int code) {
    this.code = code;
  }

  /// The byte on disk. 9 is reserved: an erasure-code fragment that becomes durable.
  int code() {
    return code;
  }

  /// Whether the device has nothing of the object after this record.
  public boolean isGone() {
    return this == DROP || this == PURGE || this == QUARANTINE;
  }

  static @Nullable RecordKind of(int code) {
    for (RecordKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    return null;
  }
}
