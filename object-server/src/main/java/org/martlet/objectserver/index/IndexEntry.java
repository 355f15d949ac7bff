package org.martlet.objectserver.index;

import org.jspecify.annotations.Nullable;
import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.volume.BodyLocation;
import org.martlet.objectserver.volume.RecordLocation;

/// What the index holds of one key.
///
/// @param clocks null: gone (dropped, purged or quarantined); the entry only keeps the gone
///     record alive, so that a rebuild does not bring older records of the key back
/// @param sequence of the record
/// @param record the newest record of the key
/// @param due bit n: a listing update to target n is due
/// @param deleteAt seconds since the epoch at which the object expires; 0 for never
/// @param oldestVolume the oldest volume that may hold a record of this key
public record IndexEntry(
    @Nullable ObjectClocks clocks,
    long sequence,
    RecordLocation record,
    BodyLocation body,
    long due,
    long deleteAt,
    int oldestVolume) {
  /// Of a key that is gone.
  public static IndexEntry gone(long sequence, RecordLocation record, int oldestVolume) {
    return new IndexEntry(null, sequence, record, BodyLocation.NONE, 0, 0, oldestVolume);
  }

  /// Whether there is anything, a tombstone or an object.
  public boolean isPresent() {
    return clocks != null;
  }

  /// Whether there is a body to serve.
  public boolean isLive() {
    return clocks != null && clocks.isLive();
  }

  /// The same without these due marks.
  public IndexEntry withoutDue(long marks) {
    return new IndexEntry(clocks, sequence, record, body, due & ~marks, deleteAt, oldestVolume);
  }
}
