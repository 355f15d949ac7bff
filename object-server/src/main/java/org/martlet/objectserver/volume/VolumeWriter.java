package org.martlet.objectserver.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFile;

/// Appends records to the device's newest volume, in groups.
///
/// A group is begun, filled, and then either synced (all of it is durable) or undone (none of it
/// is left). Records are gathered in one buffer and written in as few calls as it holds. The
/// first group makes a volume; so does a group that finds the volume full.
///
/// - Threads: the committer's only.
/// - Errors: after a fault from [#sync] or [#append], [#undo] is the only thing that may be
///   tried.
public final class VolumeWriter implements AutoCloseable {
  private static final int STAGING_BYTES = 1 << 20;

  private final VolumeDirectory directory;
  private final Volumes volumes;
  private final Settings settings;
  private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);
  private final CRC32C envelopeCrc = new CRC32C();

  private @Nullable DiskFile file;
  private Seal seal = new Seal(0);
  private int number;
  private long end;
  private long groupStart;
  private long written;

  /// What a writer needs to know.
  ///
  /// @param limit a volume of this many bytes is followed by a new one
  /// @param epoch of this start of the device
  /// @param salts gives an unpredictable number for each volume
  /// @param ticks the time in ticks of 10 µs
  public record Settings(
      UUID device, long limit, int epoch, LongSupplier salts, LongSupplier ticks) {}

  /// @param last the number of the newest volume there is, 0 for none
  /// @param lastEnd where it ends, all of it on stable storage
  public VolumeWriter(
      VolumeDirectory directory, Volumes volumes, Settings settings, int last, long lastEnd) {
    this.directory = directory;
    this.volumes = volumes;
    this.settings = settings;
    this.number = last;
    this.end = lastEnd;
  }

  /// Begins a group, in a new volume where there is none or the last one is full.
  public void begin() throws IOException {
    if (file == null || end >= settings.limit()) {
      roll();
    }
    groupStart = end;
    written = end;
    staging.clear();
  }

  private void roll() throws IOException {
    VolumeHeader header =
        new VolumeHeader(
            number + 1,
            settings.device(),
            settings.salts().getAsLong(),
            settings.epoch(),
            number,
            end,
            settings.ticks().getAsLong());
    DiskFile next = directory.create(header);
    DiskFile before = file;
    file = next;
    volumes.add(header);
    number = header.number();
    seal = new Seal(header.salt());
    end = VolumeHeader.BYTES;
    if (before != null) {
      before.close();
    }
  }

  /// The volume that the group under way goes into.
  public int number() {
    return number;
  }

  /// The first byte after the last record.
  public long end() {
    return end;
  }

  /// Adds a record to the group.
  public RecordLocation append(LogEntry entry) throws DiskFault {
    RecordHeader header = header(entry);
    long offset = end;
    byte[] head = header.encode(seal, offset);
    put(ByteBuffer.wrap(head));
    put(entry.envelope().duplicate());
    for (ByteBuffer chunk : entry.body()) {
      put(chunk.duplicate());
    }
    put(tail(header, head, entry.checksums(), offset));
    RecordLocation at = header.at(number, offset);
    end = at.end();
    return at;
  }

  private RecordHeader header(LogEntry entry) {
    envelopeCrc.reset();
    envelopeCrc.update(entry.envelope().duplicate());
    return new RecordHeader(
        entry.kind(),
        entry.key(),
        entry.sequence(),
        entry.envelope().remaining(),
        Math.toIntExact(entry.checksums().size()),
        (int) envelopeCrc.getValue(),
        groupStart,
        entry.oldestVolume() == 0 ? number : entry.oldestVolume());
  }

  /// Checksum table, record checksum and padding.
  private ByteBuffer tail(RecordHeader header, byte[] head, BodyChecksums checksums, long offset) {
    int length = header.length() - header.headLength() - header.bodyLength();
    ByteBuffer tail = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    checksums.write(tail);
    int table = tail.position();
    int crc =
        seal.begin(offset).update(head, 0, head.length).update(tail.array(), 0, table).value();
    return tail.putInt(crc).clear();
  }

  private void put(ByteBuffer bytes) throws DiskFault {
    while (bytes.hasRemaining()) {
      if (!staging.hasRemaining()) {
        writeStaged();
      }
      int part = Math.min(bytes.remaining(), staging.remaining());
      staging.put(staging.position(), bytes, bytes.position(), part);
      staging.position(staging.position() + part);
      bytes.position(bytes.position() + part);
    }
  }

  private void writeStaged() throws DiskFault {
    staging.flip();
    int length = staging.remaining();
    open().write(staging, written);
    written += length;
    staging.clear();
  }

  private DiskFile open() {
    if (file == null) {
      throw new IllegalStateException("no group was begun");
    }
    return file;
  }

  /// Writes what is staged and returns once the whole group is on stable storage.
  public void sync() throws DiskFault {
    writeStaged();
    open().force(false);
    groupStart = end;
  }

  /// Cuts the group under way off again, durably. To be used when there was no space for it.
  public void undo() throws DiskFault {
    staging.clear();
    end = groupStart;
    written = groupStart;
    if (open().size() > groupStart) {
      open().truncate(groupStart);
      open().force(true);
    }
  }

  /// Releases the file; syncs nothing.
  @Override
  public void close() throws DiskFault {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
