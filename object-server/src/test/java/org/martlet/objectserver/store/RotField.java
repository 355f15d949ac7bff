package org.martlet.objectserver.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A named stretch of bytes in one of a device's files, found by the tables of
/// `docs/disk-format.md` and nothing of the code that reads them.
///
/// @param name `kind of record: field`
/// @param record where the record begins that it belongs to; -1 for none
record RotField(Path file, String name, long offset, int width, long record) {
  private static final int BLOCK = 64 << 10;
  private static final int HEADER = 64;
  private static final int VOLUME_HEADER = 512;
  private static final String[] KINDS = {
    "", "put-inline", "put-blob", "post", "delete", "relocate", "drop", "purge", "quarantine"
  };
  private static final Object[][] RECORD_HEADER = {
    {"magic", 0, 4},
    {"kind", 4, 1},
    {"flags", 5, 1},
    {"variant", 6, 1},
    {"zero", 7, 1},
    {"policy", 8, 2},
    {"zero 2", 10, 2},
    {"envelope length", 12, 4},
    {"sequence", 16, 8},
    {"hash", 24, 16},
    {"body length", 40, 4},
    {"envelope CRC", 44, 4},
    {"synced to", 48, 8},
    {"oldest volume", 56, 4},
    {"header CRC", 60, 4},
  };
  private static final Object[][] ENVELOPE = {
    {"version", 0, 1},
    {"tombstone", 1, 1},
    {"data timestamp", 2, 16},
    {"MD5", 18, 16},
    {"size", 34, 8},
    {"content-type timestamp", 42, 16},
    {"metadata timestamp", 58, 16},
    {"body CRC", 74, 4},
    {"due", 78, 8},
    {"place", 86, 1},
  };

  /// All fields of a volume, and of every record in it.
  static List<RotField> ofVolume(Path file, byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    List<RotField> fields = new ArrayList<>();
    for (int copy = 0; copy < 2; copy++) {
      fields.add(
          new RotField(
              file, "volume header: copy " + copy, copy * VOLUME_HEADER, VOLUME_HEADER, -1));
    }
    for (int at = 2 * VOLUME_HEADER; at < content.length; ) {
      at += ofRecord(file, bytes, at, fields);
    }
    return fields;
  }

  private static int ofRecord(Path file, ByteBuffer bytes, int at, List<RotField> fields) {
    String kind = KINDS[bytes.get(at + 4)] + ": ";
    int envelope = bytes.getInt(at + 12);
    int body = bytes.getInt(at + 40);
    int blocks = Math.ceilDiv(body, BLOCK);
    int end = HEADER + envelope + body + 4 * blocks;
    int length = Math.ceilDiv(end + 4, 8) * 8;
    add(file, kind, RECORD_HEADER, at, at, fields);
    if (envelope > 0) {
      add(file, kind, ENVELOPE, at + HEADER, at, fields);
      int rest = at + HEADER + 87;
      fields.add(new RotField(file, kind + "names and headers", rest, envelope - 87, at));
    }
    for (int block = 0; block < blocks; block++) {
      int from = at + HEADER + envelope + block * BLOCK;
      int width = Math.min(BLOCK, body - block * BLOCK);
      fields.add(new RotField(file, kind + "body block", from, width, at));
      int crc = at + HEADER + envelope + body + 4 * block;
      fields.add(new RotField(file, kind + "block CRC", crc, 4, at));
    }
    fields.add(new RotField(file, kind + "record CRC", at + end, 4, at));
    if (length > end + 4) {
      fields.add(new RotField(file, kind + "padding", at + end + 4, length - end - 4, at));
    }
    return length;
  }

  private static void add(
      Path file, String kind, Object[][] table, int from, int record, List<RotField> fields) {
    for (Object[] row : table) {
      fields.add(new RotField(file, kind + row[0], from + (int) row[1], (int) row[2], record));
    }
  }

  /// All fields of a blob file.
  static List<RotField> ofBlob(Path file, int size, int length) {
    List<RotField> fields = new ArrayList<>();
    int blocks = Math.ceilDiv(size, BLOCK);
    for (int block = 0; block < blocks; block++) {
      int width = Math.min(BLOCK, size - block * BLOCK);
      fields.add(new RotField(file, "blob: block", (long) block * BLOCK, width, -1));
      fields.add(new RotField(file, "blob: block CRC", size + 4L * block, 4, -1));
    }
    int footer = size + 4 * blocks;
    fields.add(new RotField(file, "blob: magic", footer, 8, -1));
    fields.add(new RotField(file, "blob: version", footer + 8, 4, -1));
    fields.add(new RotField(file, "blob: zero", footer + 12, 4, -1));
    fields.add(new RotField(file, "blob: id", footer + 16, 8, -1));
    fields.add(new RotField(file, "blob: size", footer + 24, 8, -1));
    fields.add(new RotField(file, "blob: body CRC", footer + 32, 4, -1));
    fields.add(new RotField(file, "blob: footer CRC", footer + 36, 4, -1));
    if (footer + 40 != length) {
      throw new AssertionError("a blob of " + length + " bytes is not as documented");
    }
    return fields;
  }

  @Override
  public String toString() {
    return file.getFileName() + " " + name + " at " + offset + " of record " + record;
  }
}
