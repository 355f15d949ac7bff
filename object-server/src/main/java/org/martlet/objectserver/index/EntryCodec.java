package org.martlet.objectserver.index;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.Timestamp;
import org.martlet.objectserver.state.Etag;
import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.volume.BodyLocation;
import org.martlet.objectserver.volume.RecordLocation;

/// The encoded form of an [IndexEntry]: `docs/disk-format.md`, "Index entry". About 60 bytes.
///
/// Numbers are base-128 varints; the content-type and metadata clocks are written as differences
/// to the data clock, since a PUT makes all three equal.
final class EntryCodec {
  private static final byte VERSION = 1;
  private static final int PRESENT = 1;
  private static final int DELETED = 2;
  private static final int BODY_NONE = 0;
  private static final int BODY_HERE = 4;
  private static final int BODY_RECORD = 8;
  private static final int BODY_BLOB = 12;
  private static final int BODY_MASK = 12;
  private static final int DUE = 16;
  private static final int EXPIRES = 32;
  private static final int MAX_BYTES = 200;

  private EntryCodec() {}

  static byte[] encode(IndexEntry entry) {
    ByteBuffer to = ByteBuffer.allocate(MAX_BYTES);
    ObjectClocks clocks = entry.clocks();
    int flags =
        bodyFlag(entry) | (entry.due() == 0 ? 0 : DUE) | (entry.deleteAt() == 0 ? 0 : EXPIRES);
    if (clocks != null) {
      flags |= PRESENT | (clocks.deleted() ? DELETED : 0);
    }
    to.put(VERSION).put((byte) flags).putLong(entry.sequence());
    write(to, entry.record());
    varint(to, entry.record().volume() - entry.oldestVolume());
    switch (entry.body()) {
      case BodyLocation.None none -> {}
      case BodyLocation.InRecord other -> {
        if (!other.at().equals(entry.record())) {
          write(to, other.at());
        }
      }
      case BodyLocation.InBlob blob -> to.putLong(blob.id());
    }
    if (entry.due() != 0) {
      varint(to, entry.due());
    }
    if (entry.deleteAt() != 0) {
      varint(to, entry.deleteAt());
    }
    if (clocks != null) {
      write(to, clocks);
    }
    byte[] bytes = new byte[to.flip().remaining()];
    to.get(bytes);
    return bytes;
  }

  private static int bodyFlag(IndexEntry entry) {
    return switch (entry.body()) {
      case BodyLocation.None none -> BODY_NONE;
      case BodyLocation.InRecord other ->
          other.at().equals(entry.record()) ? BODY_HERE : BODY_RECORD;
      case BodyLocation.InBlob blob -> BODY_BLOB;
    };
  }

  private static void write(ByteBuffer to, RecordLocation at) {
    varint(to, at.volume());
    varint(to, at.offset());
    varint(to, at.length());
    varint(to, at.headLength());
  }

  private static void write(ByteBuffer to, ObjectClocks clocks) {
    to.putLong(clocks.data().ticks());
    varint(to, clocks.data().offset());
    if (!clocks.deleted()) {
      clocks.etag().write(to);
      varint(to, clocks.size());
    }
    writeDifference(to, clocks.contentType(), clocks.data());
    writeDifference(to, clocks.metadata(), clocks.data());
    to.putInt(clocks.headersTag());
  }

  private static void writeDifference(ByteBuffer to, Timestamp clock, Timestamp base) {
    signed(to, clock.ticks() - base.ticks());
    signed(to, clock.offset() - base.offset());
  }

  /// @throws KeyValueFault (corrupt) if these bytes are no entry
  static IndexEntry decode(byte[] bytes) throws KeyValueFault {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    try {
      return read(from);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new KeyValueFault(KeyValueFault.Kind.CORRUPT, "an index entry cannot be read", e);
    }
  }

  private static IndexEntry read(ByteBuffer from) {
    byte version = from.get();
    if (version != VERSION) {
      throw new IllegalArgumentException("index entry of version " + version);
    }
    int flags = from.get();
    long sequence = from.getLong();
    RecordLocation record = readLocation(from);
    int oldest = record.volume() - (int) varint(from);
    BodyLocation body =
        switch (flags & BODY_MASK) {
          case BODY_HERE -> new BodyLocation.InRecord(record);
          case BODY_RECORD -> new BodyLocation.InRecord(readLocation(from));
          case BODY_BLOB -> new BodyLocation.InBlob(from.getLong());
          default -> BodyLocation.NONE;
        };
    long due = (flags & DUE) == 0 ? 0 : varint(from);
    long deleteAt = (flags & EXPIRES) == 0 ? 0 : varint(from);
    ObjectClocks clocks = (flags & PRESENT) == 0 ? null : readClocks(from, flags);
    return new IndexEntry(clocks, sequence, record, body, due, deleteAt, oldest);
  }

  private static RecordLocation readLocation(ByteBuffer from) {
    int volume = (int) varint(from);
    long offset = varint(from);
    int length = (int) varint(from);
    return new RecordLocation(volume, offset, length, (int) varint(from));
  }

  private static @Nullable ObjectClocks readClocks(ByteBuffer from, int flags) {
    boolean deleted = (flags & DELETED) != 0;
    Timestamp data = new Timestamp(from.getLong(), varint(from));
    Etag etag = deleted ? Etag.NONE : Etag.read(from);
    long size = deleted ? 0 : varint(from);
    Timestamp type = readDifference(from, data);
    Timestamp metadata = readDifference(from, data);
    return new ObjectClocks(data, deleted, etag, size, type, metadata, from.getInt());
  }

  private static Timestamp readDifference(ByteBuffer from, Timestamp base) {
    long ticks = base.ticks() + readSigned(from);
    return new Timestamp(ticks, base.offset() + readSigned(from));
  }

  private static void signed(ByteBuffer to, long value) {
    varint(to, (value << 1) ^ (value >> 63));
  }

  private static long readSigned(ByteBuffer from) {
    long value = varint(from);
    return (value >>> 1) ^ -(value & 1);
  }

  private static void varint(ByteBuffer to, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      to.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    to.put((byte) rest);
  }

  private static long varint(ByteBuffer from) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = from.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number does not end");
  }
}
