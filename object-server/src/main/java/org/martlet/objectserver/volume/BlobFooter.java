package org.martlet.objectserver.volume;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFile;

/// The end of a blob file: the checksum of every block, and what seals them.
///
/// - Shape: body, then 4 bytes per 64 KiB block, then 40 bytes: magic, version, id, size,
///   checksum of the body, checksum of the footer; little-endian; `docs/disk-format.md`, "Blob
///   file".
final class BlobFooter {
  private static final long MAGIC = 0x424f_4c42_5452_414dL;
  private static final int VERSION = 1;
  private static final int TRAILER_BYTES = 40;
  private static final int CRC_BYTES = Integer.BYTES;

  private BlobFooter() {}

  static ByteBuffer encode(long id, BodyChecksums checksums) {
    int length = length(checksums.size());
    ByteBuffer to = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    checksums.write(to);
    to.putLong(MAGIC).putInt(VERSION).putInt(0);
    to.putLong(id).putLong(checksums.size()).putInt(checksums.whole());
    to.putInt(crc(to.slice(0, length - CRC_BYTES)));
    return to.flip();
  }

  private static int length(long size) {
    return Math.addExact(
        Math.multiplyExact(Integer.BYTES, BlockChecksums.count(size)), TRAILER_BYTES);
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /// Reads and verifies the footer of a file that must hold a body of this size.
  static BodyChecksums read(DiskFile file, long id, long size) throws DiskFault, MalformedRecord {
    int length = length(size);
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    file.read(bytes, size);
    bytes.flip();
    int trailer = length - TRAILER_BYTES;
    if (bytes.remaining() < length
        || bytes.getInt(length - CRC_BYTES) != crc(bytes.slice(0, length - CRC_BYTES))
        || bytes.getLong(trailer) != MAGIC
        || bytes.getInt(trailer + 8) != VERSION
        || bytes.getLong(trailer + 16) != id
        || bytes.getLong(trailer + 24) != size) {
      throw new MalformedRecord("footer is damaged: " + file.path(), null);
    }
    return BodyChecksums.read(bytes, size, bytes.getInt(trailer + 32));
  }
}
