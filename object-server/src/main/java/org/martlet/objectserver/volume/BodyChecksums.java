package org.martlet.objectserver.volume;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// The checksums of one body.
///
/// Threads: any; the table is not changed after construction.
public final class BodyChecksums {
  /// Those of an empty body.
  public static final BodyChecksums EMPTY = new BodyChecksums(0, 0, new int[0]);

  private final long size;
  private final int whole;
  private final int[] blocks;

  BodyChecksums(long size, int whole, int[] blocks) {
    if (blocks.length != BlockChecksums.count(size)) {
      throw new IllegalArgumentException(blocks.length + " checksums for " + size + " bytes");
    }
    this.size = size;
    this.whole = whole;
    this.blocks = blocks;
  }

  /// Bytes of the body.
  public long size() {
    return size;
  }

  /// CRC-32C of the whole body.
  public int whole() {
    return whole;
  }

  int blockCount() {
    return blocks.length;
  }

  int block(int index) {
    return blocks[index];
  }

  /// Whether the buffer's remaining bytes are this block; leaves the position as it was.
  boolean matches(int index, ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue() == blocks[index];
  }

  /// Writes the table, four bytes per block, in the buffer's order, and advances it.
  void write(ByteBuffer to) {
    for (int block : blocks) {
      to.putInt(block);
    }
  }

  /// Reads a table for a body of this size and advances the buffer.
  static BodyChecksums read(ByteBuffer from, long size, int whole) {
    int[] blocks = new int[BlockChecksums.count(size)];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = from.getInt();
    }
    return new BodyChecksums(size, whole, blocks);
  }
}
