package org.martlet.common.http;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/// A chunk in a reference-counted buffer.
///
/// @param buffer its readable bytes are the chunk
record NettyChunk(ByteBuf buffer) implements Chunk {
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
    buffer.retain();
    return new NettyChunk(buffer.duplicate());
  }

  @Override
  public void release() {
    buffer.release();
  }
}
