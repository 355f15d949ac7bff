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
/// - A table of up to [#WINDOW] blocks (256 MiB of body) is read and verified as a whole. Of a
///   larger one only the part around the wanted block is, unverified: the footer's checksum covers
///   all of it, and reading all for every range would cost more than the range. That is safe: a
///   wrong entry cannot make a damaged block pass but by the same 2⁻³² chance as ever, it makes a
///   good one count as damaged. What else the footer says is compared with the verified record.
/// - Threads: one at a time.
final class BlobFooter {
  /// Entries of a table that are in memory at a time.
  static final int WINDOW = 4096;

  private static final long MAGIC = 0x424f_4c42_5452_414dL;
  private static final int VERSION = 1;
  private static final int TRAILER_BYTES = 40;
  private static final int CRC_BYTES = Integer.BYTES;

  private final DiskFile file;
  private final long size;
  private final int window;
  private ByteBuffer entries = ByteBuffer.allocate(0);
  private int first;

  private BlobFooter(DiskFile file, long size, int window) {
    this.file = file;
    this.size = size;
    this.window = window;
  }

  static ByteBuffer encode(long id, BodyChecksums checksums) {
    int length = tableBytes(checksums.size()) + TRAILER_BYTES;
    ByteBuffer to = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    checksums.write(to);
    to.putLong(MAGIC).putInt(VERSION).putInt(0);
    to.putLong(id).putLong(checksums.size()).putInt(checksums.whole());
    to.putInt(crc(to.slice(0, length - CRC_BYTES)));
    return to.flip();
  }

  private static int tableBytes(long size) {
    return Math.multiplyExact(Integer.BYTES, BlockChecksums.count(size));
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /// Reads the footer of a file that must hold a body of this size and checksum.
  ///
  /// @param window entries of the table to have in memory at a time
  static BlobFooter open(DiskFile file, long id, long size, int crc32c, int window)
      throws DiskFault, MalformedRecord {
    BlobFooter footer = new BlobFooter(file, size, window);
    int table = tableBytes(size);
    boolean whole = BlockChecksums.count(size) <= window;
    int skipped = whole ? 0 : table;
    ByteBuffer bytes = footer.read(size + skipped, table - skipped + TRAILER_BYTES);
    if (whole) {
      int sealed = table + TRAILER_BYTES - CRC_BYTES;
      if (bytes.getInt(sealed) != crc(bytes.slice(0, sealed))) {
        throw footer.damaged();
      }
      footer.entries = bytes.slice(0, table).order(ByteOrder.LITTLE_ENDIAN);
    }
    int trailer = table - skipped;
    if (bytes.getLong(trailer) != MAGIC
        || bytes.getInt(trailer + 8) != VERSION
        || bytes.getLong(trailer + 16) != id
        || bytes.getLong(trailer + 24) != size
        || bytes.getInt(trailer + 32) != crc32c) {
      throw footer.damaged();
    }
    return footer;
  }

  private ByteBuffer read(long position, int length) throws DiskFault, MalformedRecord {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    if (file.read(bytes, position) < length) {
      throw damaged();
    }
    return bytes.flip();
  }

  private MalformedRecord damaged() {
    return new MalformedRecord("footer is damaged: " + file.path(), null);
  }

  /// Whether the buffer's remaining bytes are this block; leaves the position as it was.
  boolean matches(int block, ByteBuffer bytes) throws DiskFault, MalformedRecord {
    return entry(block) == crc(bytes.duplicate());
  }

  private int entry(int block) throws DiskFault, MalformedRecord {
    if (block < first || block - first >= entries.limit() / CRC_BYTES) {
      int start = block / window * window;
      int count = Math.min(window, BlockChecksums.count(size) - start);
      entries = read(size + (long) start * CRC_BYTES, count * CRC_BYTES);
      first = start;
    }
    return entries.getInt((block - first) * CRC_BYTES);
  }
}
