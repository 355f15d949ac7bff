package org.martlet.common.ring;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/// Writes version 1 of the ring format, with Swift's gzip header.
///
/// The header has a fixed time and the file's base name, so that equal rings are equal files.
/// The six magic bytes are in a stored deflate block of their own: tools that look at the first
/// bytes of a file find them.
final class RingFileWriter {
  /// The time in every ring file's gzip header: Swift's constant.
  private static final int GZIP_TIME = 1300507380;

  private static final short VERSION = 1;
  private static final int CHUNK_IDS = 1 << 15;

  private RingFileWriter() {}

  static void write(Path file, Ring ring, OutputStream out) throws IOException {
    if (!(ring.assignment() instanceof Assignment.Narrow rows)) {
      throw new IOException(
          file + ": a device id is over " + Assignment.MAX_NARROW_ID + ", format 1 cannot hold it");
    }
    out.write(gzipHeader(String.valueOf(file.getFileName())));
    CRC32 crc = new CRC32();
    long size = 0;

    byte[] magic = ByteBuffer.allocate(6).putInt(RingFileReader.MAGIC).putShort(VERSION).array();
    out.write(storedBlock(magic));
    crc.update(magic);
    size += magic.length;

    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      DeflaterOutputStream body = new DeflaterOutputStream(out, deflater, 1 << 16);
      byte[] json = RingJson.print(ring);
      size += emit(ByteBuffer.allocate(4).putInt(json.length).array(), body, crc);
      size += emit(json, body, crc);
      for (char[] row : rows.values()) {
        size += emitRow(row, body, crc);
      }
      body.finish();
    } finally {
      deflater.end();
    }
    out.write(
        ByteBuffer.allocate(8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt((int) crc.getValue())
            .putInt((int) size)
            .array());
  }

  private static int emit(byte[] bytes, OutputStream body, CRC32 crc) throws IOException {
    body.write(bytes);
    crc.update(bytes);
    return bytes.length;
  }

  private static long emitRow(char[] row, OutputStream body, CRC32 crc) throws IOException {
    long size = 0;
    for (int from = 0; from < row.length; from += CHUNK_IDS) {
      int ids = Math.min(CHUNK_IDS, row.length - from);
      ByteBuffer chunk = ByteBuffer.allocate(2 * ids).order(ByteOrder.LITTLE_ENDIAN);
      chunk.asCharBuffer().put(row, from, ids);
      size += emit(chunk.array(), body, crc);
    }
    return size;
  }

  /// RFC 1952: magic, deflate, flag FNAME, time, "best compression", "unknown system", name.
  private static byte[] gzipHeader(String fileName) {
    String baseName =
        fileName.endsWith(".gz") ? fileName.substring(0, fileName.length() - 3) : fileName;
    byte[] name = baseName.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(10 + name.length + 1)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {0x1f, (byte) 0x8b, 8, 8})
        .putInt(GZIP_TIME)
        .put(new byte[] {2, (byte) 0xff})
        .put(name)
        .put((byte) 0)
        .array();
  }

  /// RFC 1951 §3.2.4, not final: one byte-aligned block, after which another stream can follow.
  private static byte[] storedBlock(byte[] content) {
    return ByteBuffer.allocate(5 + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0)
        .putShort((short) content.length)
        .putShort((short) ~content.length)
        .put(content)
        .array();
  }
}
