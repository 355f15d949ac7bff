package org.martlet.objectserver.server;

import java.nio.ByteBuffer;
import org.martlet.common.http.Chunk;

/// Buffers that the garbage collector frees; there always is one.
final class HeapBuffers implements ReadBuffers {
  private static final class Heap implements Buffer {
    private final byte[] array;
    private final ByteBuffer bytes;

    Heap(int size) {
      this.array = new byte[size];
      this.bytes = ByteBuffer.wrap(array);
    }

    @Override
    public ByteBuffer bytes() {
      return bytes;
    }

    @Override
    public Chunk toChunk() {
      return Chunk.of(array, 0, bytes.position());
    }

    @Override
    public void release() {}
  }

  @Override
  public Buffer tryAllocate(int bytes) {
    return new Heap(bytes);
  }
}
