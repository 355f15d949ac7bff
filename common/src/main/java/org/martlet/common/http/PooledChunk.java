package org.martlet.common.http;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/// A filled buffer of a [BufferPool]; counts its owners, and the pool's budget with the last.
final class PooledChunk implements Chunk {
  private final BufferPool pool;
  private final ByteBuf buffer;
  private final int units;
  private final AtomicInteger owners = new AtomicInteger(1);

  PooledChunk(BufferPool pool, ByteBuf buffer, int units) {
    this.pool = pool;
    this.buffer = buffer;
    this.units = units;
  }

  /// The bytes to write; valid as long as this chunk.
  ByteBuf view() {
    return buffer.retainedDuplicate();
  }

  @Override
  public int size() {
    return buffer.readableBytes();
  }

  @Override
  public ByteBuffer bytes() {
    return buffer.nioBuffer().asReadOnlyBuffer();
  }

  @Override
  public Chunk retain() {
    if (owners.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0) {
      throw new IllegalStateException("a chunk is retained after its release");
    }
    return this;
  }

  @Override
  public void release() {
    int before = owners.getAndUpdate(n -> n == 0 ? 0 : n - 1);
    if (before == 0) {
      throw new IllegalStateException("a chunk is released twice");
    }
    if (before == 1) {
      buffer.release();
      pool.giveBack(units);
    }
  }
}
