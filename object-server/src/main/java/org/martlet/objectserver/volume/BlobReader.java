package org.martlet.objectserver.volume;

import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFile;

/// Reads one blob file, whole blocks at a time, each verified.
///
/// - Threads: one at a time; blocks.
public final class BlobReader implements AutoCloseable {
  private static final int BLOCK = BlockChecksums.BLOCK_BYTES;

  private final DiskFile file;
  private final BlobFooter footer;
  private final long size;

  private BlobReader(DiskFile file, BlobFooter footer, long size) {
    this.file = file;
    this.footer = footer;
    this.size = size;
  }

  /// @param size that the body must have
  /// @param crc32c that the body must have
  /// @throws NoSuchFileException if there is no such file
  /// @throws MalformedRecord if it is not a blob of this id, size and checksum
  public static BlobReader open(BlobFiles files, long id, long size, int crc32c)
      throws DiskFault, NoSuchFileException, MalformedRecord {
    return open(files, id, size, crc32c, BlobFooter.WINDOW);
  }

  static BlobReader open(BlobFiles files, long id, long size, int crc32c, int window)
      throws DiskFault, NoSuchFileException, MalformedRecord {
    DiskFile file = files.openForRead(id);
    try {
      return new BlobReader(file, BlobFooter.open(file, id, size, crc32c, window), size);
    } catch (DiskFault | MalformedRecord | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /// Bytes of one block: 64 KiB but for the last.
  public int blockLength(int block) {
    return (int) Math.min(BLOCK, size - (long) block * BLOCK);
  }

  /// Reads whole blocks, as many as the buffer has room for, and verifies them.
  ///
  /// @param into is advanced by the bytes read; room for at least the first block
  /// @throws MalformedRecord if any of them is damaged: the buffer's content is then not to be
  ///     used
  public void readBlocks(int first, ByteBuffer into) throws DiskFault, MalformedRecord {
    int start = into.position();
    int limit = into.limit();
    long offset = (long) first * BLOCK;
    long rest = size - offset;
    int length = into.remaining() >= rest ? (int) rest : into.remaining() / BLOCK * BLOCK;
    into.limit(start + length);
    int read = file.read(into, offset);
    into.limit(limit);
    if (read < length) {
      throw new MalformedRecord("blob is cut short: " + file.path(), null);
    }
    for (int from = 0, block = first; from < length; from += BLOCK, block++) {
      if (!footer.matches(block, into.slice(start + from, Math.min(BLOCK, length - from)))) {
        throw new MalformedRecord("block " + block + " is damaged in " + file.path(), null);
      }
    }
  }

  @Override
  public void close() throws DiskFault {
    file.close();
  }
}
