package org.martlet.objectserver.server;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Chunk;

/// Memory that bytes are put into before they are sent or stored.
@FunctionalInterface
interface ReadBuffers {
  /// A buffer of that many bytes, null if there is none now; does not block. Who gets one turns it
  /// into a chunk or releases it.
  @Nullable Buffer tryAllocate(int bytes);

  /// Memory that one owner fills.
  interface Buffer {
    /// The buffer, with its one position.
    ByteBuffer bytes();

    /// What was put into the buffer so far, as a chunk that owns the memory.
    Chunk toChunk();

    /// Gives the memory back unused.
    void release();
  }
}
