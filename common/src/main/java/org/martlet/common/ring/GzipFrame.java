package org.martlet.common.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The parts of a gzip file around its compressed data, as Swift's ring files have them.
///
/// The header has a fixed time and the file's base name, so that equal rings are equal files.
final class GzipFrame {
  /// The time in every ring file's gzip header: Swift's constant.
  private static final int GZIP_TIME = 1300507380;

  private GzipFrame() {}

  /// RFC 1952: magic, deflate, flag FNAME, time, "best compression", "unknown system", name.
  static byte[] header(Path file) {
    String fileName = String.valueOf(file.getFileName());
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
  /// Without content it is the marker that a flush leaves.
  static byte[] storedBlock(byte... content) {
    return ByteBuffer.allocate(5 + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0)
        .putShort((short) content.length)
        .putShort((short) ~content.length)
        .put(content)
        .array();
  }

  /// The empty block that ends a deflate stream.
  static byte[] lastBlock() {
    byte[] block = storedBlock();
    block[0] = 1;
    return block;
  }

  /// @param crc CRC-32 of the uncompressed content
  /// @param size its bytes
  static byte[] trailer(long crc, long size) {
    return ByteBuffer.allocate(8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) crc)
        .putInt((int) size)
        .array();
  }
}
