package org.martlet.common.http;

import java.nio.ByteBuffer;

/// The mark after a body's last byte.
final class EndChunk implements Chunk {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  @Override
  public int size() {
    return 0;
  }

  @Override
  public ByteBuffer bytes() {
    return NOTHING.duplicate();
  }

  @Override
  public Chunk retain() {
    return this;
  }

  @Override
  public void release() {}
}
