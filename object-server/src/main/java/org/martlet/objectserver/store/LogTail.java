package org.martlet.objectserver.store;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.martlet.objectserver.index.IndexEntry;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.volume.Envelope;
import org.martlet.objectserver.volume.RecordHeader;
import org.martlet.objectserver.volume.RecordLocation;
import org.martlet.objectserver.volume.VolumeScanner;

/// What the log says that the index does not: of each key the record with the highest sequence, as
/// [IndexReplay] would write it, kept in memory.
///
/// Bound: so many keys; past it [#isWhole] is false, and what is here is not to be used.
final class LogTail implements VolumeScanner.Visitor {
  private final @Nullable ObjectKey only;
  private final int limit;
  private final Map<ObjectKey, IndexEntry> entries = new HashMap<>();
  private long records;
  private long damagedBytes;
  private boolean whole = true;

  /// @param only null for all keys
  /// @param limit of keys
  LogTail(@Nullable ObjectKey only, int limit) {
    this.only = only;
    this.limit = limit;
  }

  @Override
  public void record(RecordHeader header, @Nullable Envelope envelope, RecordLocation at) {
    records++;
    if (only != null && !only.equals(header.key())) {
      return;
    }
    IndexEntry before = entries.get(header.key());
    if (before == null && entries.size() >= limit) {
      whole = false;
    } else if (before == null || before.sequence() < header.sequence()) {
      entries.put(header.key(), IndexReplay.entry(header, envelope, at));
    }
  }

  @Override
  public void damaged(int volume, long from, long to) {
    damagedBytes += to - from;
  }

  Map<ObjectKey, IndexEntry> entries() {
    return entries;
  }

  long records() {
    return records;
  }

  /// Bytes that should be records and are not.
  long damagedBytes() {
    return damagedBytes;
  }

  boolean isWhole() {
    return whole;
  }
}
