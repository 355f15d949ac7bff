package org.martlet.objectserver.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.martlet.objectserver.index.IndexChange;
import org.martlet.objectserver.index.IndexEntry;
import org.martlet.objectserver.index.LogPosition;
import org.martlet.objectserver.index.ObjectIndex;
import org.martlet.objectserver.volume.Envelope;
import org.martlet.objectserver.volume.RecordHeader;
import org.martlet.objectserver.volume.RecordLocation;
import org.martlet.objectserver.volume.VolumeScanner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the index up to the log: of each key the record with the highest sequence counts.
final class IndexReplay implements VolumeScanner.Visitor {
  private static final Logger LOG = LoggerFactory.getLogger(IndexReplay.class);
  private static final int BATCH = 1024;

  private final ObjectIndex index;
  private IndexChange change;
  private LogPosition position;
  private long records;
  private long damagedBytes;

  IndexReplay(ObjectIndex index) {
    this.index = index;
    this.change = index.change();
    this.position = index.position();
  }

  @Override
  public void record(RecordHeader header, @Nullable Envelope envelope, RecordLocation at)
      throws IOException {
    records++;
    IndexEntry before = change.get(header.key());
    if (before == null || before.sequence() < header.sequence()) {
      change.set(header.key(), before, entry(header, envelope, at));
    }
    position = new LogPosition(at.volume(), at.end(), position.epoch());
    if (change.size() >= BATCH) {
      commit();
    }
  }

  /// What the index is to hold of a record.
  static IndexEntry entry(RecordHeader header, @Nullable Envelope envelope, RecordLocation at) {
    return envelope == null
        ? IndexEntry.gone(header.sequence(), at, header.oldestVolume())
        : new IndexEntry(
            envelope.record().state().clocks(),
            header.sequence(),
            at,
            envelope.bodyOf(at),
            envelope.due(),
            envelope.record().state().deleteAt(),
            header.oldestVolume());
  }

  @Override
  public void damaged(int volume, long from, long to) {
    LOG.error("volume {} is damaged from {} to {}: passed over", volume, from, to);
    damagedBytes += to - from;
  }

  /// All volumes have been visited.
  ///
  /// @param end where the log ends
  void finish(LogPosition end) throws IOException {
    position = end;
    commit();
  }

  private void commit() throws IOException {
    change.commit(position);
    change = index.change();
  }

  long records() {
    return records;
  }

  long damagedBytes() {
    return damagedBytes;
  }
}
