package org.martlet.objectserver.volume;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Computes a body's checksums as its bytes come by: a CRC-32C per 64 KiB block and one of all.
///
/// Threads: one at a time.
public final class BlockChecksums {
  /// Bytes that one checksum covers; the last block of a body may be shorter.
  public static final int BLOCK_BYTES = 64 * 1024;

  private final CRC32C whole = new CRC32C();
  private final CRC32C block = new CRC32C();
  private int[] blocks = new int[4];
  private int complete;
  private int inBlock;
  private long size;

  /// How many blocks a body of this size has.
  public static int count(long bodyBytes) {
    return Math.toIntExact(Math.ceilDiv(bodyBytes, BLOCK_BYTES));
  }

  /// Takes all bytes that remain in the buffer; its position is left as it was.
  public void update(ByteBuffer chunk) {
    ByteBuffer bytes = chunk.duplicate();
    whole.update(bytes);
    bytes.position(chunk.position());
    size += chunk.remaining();
    while (bytes.hasRemaining()) {
      int part = Math.min(bytes.remaining(), BLOCK_BYTES - inBlock);
      int end = bytes.limit();
      block.update(bytes.limit(bytes.position() + part));
      bytes.limit(end);
      inBlock += part;
      if (inBlock == BLOCK_BYTES) {
        endBlock();
      }
    }
  }

  private void endBlock() {
    if (complete == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * complete);
    }
    blocks[complete++] = (int) block.getValue();
    block.reset();
    inBlock = 0;
  }

  /// Bytes taken so far.
  public long size() {
    return size;
  }

  /// The checksums of what was taken; nothing may be added afterwards.
  public BodyChecksums finish() {
    if (inBlock > 0) {
      endBlock();
    }
    return new BodyChecksums(size, (int) whole.getValue(), Arrays.copyOf(blocks, complete));
  }
}
