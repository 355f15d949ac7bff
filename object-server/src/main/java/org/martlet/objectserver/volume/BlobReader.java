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
  private final BodyChecksums checksums;

  private BlobReader(DiskFile file, BodyChecksums checksums) {
    this.file = file;
    this.checksums = checksums;
  }

  /// @param size that the body must have
  /// @throws NoSuchFileException if there is no such file
  /// @throws MalformedRecord if it is not a blob of this id and size
  public static BlobReader open(BlobFiles files, long id, long size)
      throws DiskFault, NoSuchFileException, MalformedRecord {
    DiskFile file = files.openForRead(id);
    try {
      return new BlobReader(file, BlobFooter.read(file, id, size));
    } catch (DiskFault | MalformedRecord | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  public BodyChecksums checksums() {
    return checksums;
  }

  /// Bytes of one block: 64 KiB but for the last.
  public int blockLength(int block) {
    return (int) Math.min(BLOCK, checksums.size() - (long) block * BLOCK);
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
    long rest = checksums.size() - offset;
    int length = into.remaining() >= rest ? (int) rest : into.remaining() / BLOCK * BLOCK;
    into.limit(start + length);
    int read = file.read(into, offset);
    into.limit(limit);
    if (read < length) {
      throw new MalformedRecord("blob is cut short: " + file.path(), null);
    }
    for (int from = 0, block = first; from < length; from += BLOCK, block++) {
      if (!checksums.matches(block, into.slice(start + from, Math.min(BLOCK, length - from)))) {
        throw new MalformedRecord("block " + block + " is damaged in " + file.path(), null);
      }
    }
  }

  @Override
  public void close() throws DiskFault {
    file.close();
  }
}
