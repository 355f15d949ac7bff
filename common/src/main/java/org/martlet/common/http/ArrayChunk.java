package org.martlet.common.http;

import java.nio.ByteBuffer;

/// A chunk on the heap, which the garbage collector frees.
///
/// @param view read-only
record ArrayChunk(ByteBuffer view) implements Chunk {
  @Override
  public int size() {
    return view.remaining();
  }

  @Override
  public ByteBuffer bytes() {
    return view.duplicate();
  }

  @Override
  public Chunk retain() {
    return this;
  }

  @Override
  public void release() {}
}
