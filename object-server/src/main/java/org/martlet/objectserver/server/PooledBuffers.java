package org.martlet.objectserver.server;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.BufferPool;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.WritableChunk;

/// Direct buffers from the pool that the JVM's servers share.
record PooledBuffers(BufferPool pool) implements ReadBuffers {
  private record Pooled(WritableChunk chunk, ByteBuffer bytes) implements Buffer {
    @Override
    public Chunk toChunk() {
      return chunk.chunk(bytes.position());
    }

    @Override
    public void release() {
      chunk.release();
    }
  }

  @Override
  public @Nullable Buffer tryAllocate(int bytes) {
    WritableChunk chunk = pool.tryAllocate(bytes);
    return chunk == null ? null : new Pooled(chunk, chunk.buffer());
  }
}
