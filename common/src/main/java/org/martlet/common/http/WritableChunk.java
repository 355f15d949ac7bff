package org.martlet.common.http;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/// A buffer of a [BufferPool] that is being filled by who allocated it.
///
/// - Ownership: ends with [#chunk], which passes it on, or with [#release]; exactly one of them.
/// - Threads: one at a time.
public final class WritableChunk {
  private final BufferPool pool;
  private final ByteBuf buffer;
  private final int units;
  private boolean given;

  WritableChunk(BufferPool pool, ByteBuf buffer, int units) {
    this.pool = pool;
    this.buffer = buffer;
    this.units = units;
  }

  /// A direct buffer over all bytes, to be filled; each call gives a fresh position.
  public ByteBuffer buffer() {
    checkOwned();
    return buffer.nioBuffer(0, buffer.capacity());
  }

  public int capacity() {
    return buffer.capacity();
  }

  /// The first bytes as a chunk.
  public Chunk chunk(int length) {
    return chunk(0, length);
  }

  /// A part of the bytes as a chunk; the whole buffer counts until that is released.
  public Chunk chunk(int offset, int length) {
    checkOwned();
    if (offset < 0 || length < 0 || length > buffer.capacity() - offset) {
      throw new IndexOutOfBoundsException("not a part of the buffer: " + offset + ", " + length);
    }
    if (length == 0) {
      release();
      return Chunk.END;
    }
    given = true;
    return new PooledChunk(pool, buffer.setIndex(offset, offset + length), units);
  }

  /// Gives the buffer back unused.
  public void release() {
    checkOwned();
    given = true;
    buffer.release();
    pool.giveBack(units);
  }

  private void checkOwned() {
    if (given) {
      throw new IllegalStateException("a buffer is used after it was given away");
    }
  }
}
