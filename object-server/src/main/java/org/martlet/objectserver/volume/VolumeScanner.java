package org.martlet.objectserver.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.DiskFault;

/// Walks the records of a volume after a restart, and tells the tail that a crash left from
/// damage.
///
/// What is invalid at or above the last offset that anything states to be synced is a crash's
/// tail: nobody was told that it is stored, and it is cut. What is invalid below is damage: it is
/// passed over and reported.
///
/// Threads: one at a time; blocks.
public final class VolumeScanner {
  private final Volumes volumes;

  public VolumeScanner(Volumes volumes) {
    this.volumes = volumes;
  }

  /// Takes what a scan finds, in the order of the log.
  public interface Visitor {
    /// @param envelope null for a gone record
    void record(RecordHeader header, @Nullable Envelope envelope, RecordLocation at)
        throws IOException;

    /// Bytes that should be records and are not.
    ///
    /// @param to exclusive
    void damaged(int volume, long from, long to) throws IOException;
  }

  /// Where the records of a volume end.
  ///
  /// @param offset of the first byte behind them
  /// @param synced up to here they are known to be on stable storage; not above `offset`
  public record End(long offset, long synced) {}

  /// Where the records of the device's newest volume end: whole records that nobody was told of
  /// may be below, and are then good.
  ///
  /// @param from where to begin: the first record, or any known record's offset
  /// @param floor known to be synced up to here
  public End findEnd(VolumeInfo volume, long from, long floor)
      throws DiskFault, NoSuchFileException {
    try (Volumes.Pin pin = volumes.pin(volume.number())) {
      return new TailSearch(pin, volume.size(), floor).run(from);
    }
  }

  /// Visits the records of a volume, without reading their bodies.
  ///
  /// @param from the first record, or any known record's offset
  /// @param end where the records end
  public void scan(int volume, long from, long end, Visitor visitor) throws IOException {
    try (Volumes.Pin pin = volumes.pin(volume)) {
      ScanWindow window = new ScanWindow(pin.file());
      Seal seal = pin.newSeal();
      long offset = from;
      while (offset < end) {
        RecordHeader header = headerAt(window, seal, offset, end);
        if (header == null) {
          long next = nextHeader(window, seal, offset + RecordHeader.ALIGNMENT, end, 0);
          visitor.damaged(volume, offset, next < 0 ? end : next);
          offset = next < 0 ? end : next;
        } else {
          visit(window, header, header.at(volume, offset), visitor);
          offset += header.length();
        }
      }
    }
  }

  private static void visit(
      ScanWindow window, RecordHeader header, RecordLocation at, Visitor visitor)
      throws IOException {
    if (header.kind().isGone()) {
      visitor.record(header, null, at);
      return;
    }
    Envelope envelope;
    try {
      ByteBuffer head = window.at(at.offset(), at.headLength());
      envelope = envelope(header, head);
    } catch (MalformedRecord e) {
      visitor.damaged(at.volume(), at.offset(), at.end());
      return;
    }
    visitor.record(header, envelope, at);
  }

  private static Envelope envelope(RecordHeader header, ByteBuffer head) throws MalformedRecord {
    ByteBuffer bytes = head.slice(RecordHeader.BYTES, header.envelopeLength());
    if (!RecordReader.envelopeMatches(header, bytes)) {
      throw new MalformedRecord("envelope is damaged", null);
    }
    return Envelope.decode(header.key(), bytes);
  }

  /// The header at an offset, if there is a valid one whose record ends within the log.
  private static @Nullable RecordHeader headerAt(
      ScanWindow window, Seal seal, long offset, long end) throws DiskFault {
    if (offset + RecordHeader.BYTES > end) {
      return null;
    }
    ByteBuffer bytes = window.at(offset, RecordHeader.BYTES);
    if (bytes.remaining() < RecordHeader.BYTES) {
      return null;
    }
    RecordHeader header = RecordHeader.decode(bytes, seal, offset);
    return header == null || offset + header.length() > end ? null : header;
  }

  /// The offset of the next valid header that states at least `statesSynced` to be synced; -1 if
  /// there is none.
  private static long nextHeader(
      ScanWindow window, Seal seal, long from, long end, long statesSynced) throws DiskFault {
    for (long offset = from; offset + RecordHeader.BYTES <= end; ) {
      ByteBuffer bytes = window.at(offset, RecordHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      int here = 0;
      while (here + RecordHeader.BYTES <= bytes.remaining()
          && !RecordHeader.mayBeginAt(bytes, here)) {
        here += RecordHeader.ALIGNMENT;
      }
      offset += here;
      if (here + RecordHeader.BYTES > bytes.remaining()) {
        if (here == 0) {
          return -1;
        }
        continue;
      }
      RecordHeader header = headerAt(window, seal, offset, end);
      if (header != null && header.syncedTo() >= statesSynced) {
        return offset;
      }
      offset += RecordHeader.ALIGNMENT;
    }
    return -1;
  }

  /// One search for the end of a volume.
  private static final class TailSearch {
    private final ScanWindow window;
    private final Seal seal;
    private final long size;
    private final ArrayDeque<Long> unsynced = new ArrayDeque<>();
    private long synced;

    TailSearch(Volumes.Pin pin, long size, long floor) {
      this.window = new ScanWindow(pin.file());
      this.seal = pin.newSeal();
      this.size = size;
      this.synced = floor;
    }

    End run(long from) throws DiskFault {
      long end = walk(from);
      for (long offset : unsynced) {
        if (offset < end && !isWhole(offset)) {
          return end(offset);
        }
      }
      return end(end);
    }

    private End end(long offset) {
      return new End(offset, Math.min(synced, offset));
    }

    /// Follows the headers to where they end, keeping the offsets of records that may be torn.
    private long walk(long from) throws DiskFault {
      long offset = from;
      while (offset < size) {
        RecordHeader header = headerAt(window, seal, offset, size);
        if (header == null) {
          long next = behindDamage(offset);
          if (next < 0) {
            break;
          }
          offset = next;
        } else {
          state(header.syncedTo());
          unsynced.addLast(offset);
          offset += header.length();
        }
      }
      return Math.min(offset, size);
    }

    private void state(long syncedTo) {
      synced = Math.max(synced, syncedTo);
      while (!unsynced.isEmpty() && unsynced.getFirst() < synced) {
        unsynced.removeFirst();
      }
    }

    /// Where the log goes on after invalid bytes; -1 if they are a crash's tail.
    private long behindDamage(long offset) throws DiskFault {
      long from = offset + RecordHeader.ALIGNMENT;
      if (offset < synced) {
        long next = nextHeader(window, seal, from, size, 0);
        return next < 0 ? Math.min(synced, size) : next;
      }
      return nextHeader(window, seal, from, size, from);
    }

    private boolean isWhole(long offset) throws DiskFault {
      RecordHeader header = headerAt(window, seal, offset, size);
      if (header == null) {
        return false;
      }
      ByteBuffer record = window.at(offset, header.length());
      try {
        if (!header.kind().isGone()) {
          envelope(header, record);
        }
        RecordReader.verifyBody(header, record, seal, offset);
        return true;
      } catch (MalformedRecord e) {
        return false;
      }
    }
  }
}
