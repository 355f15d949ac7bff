package org.martlet.objectserver.store;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// Direct buffers for reading, kept for reuse: in sizes of powers of two, at most 1 MiB of each.
///
/// Threads: any.
final class BufferPool {
  private static final int SMALLEST_BITS = 12;
  private static final int LARGEST_BITS = 19;
  private static final int KEPT_BYTES = 1 << 20;

  private final Shelf[] shelves = new Shelf[LARGEST_BITS - SMALLEST_BITS + 1];

  BufferPool() {
    for (int i = 0; i < shelves.length; i++) {
      shelves[i] = new Shelf(1 << (SMALLEST_BITS + i));
    }
  }

  /// A cleared buffer of at least this many bytes. One above 512 KiB is not pooled.
  ByteBuffer take(int bytes) {
    int bits = Math.max(SMALLEST_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(bytes - 1));
    return bits > LARGEST_BITS ? ByteBuffer.allocate(bytes) : shelves[bits - SMALLEST_BITS].take();
  }

  /// Gives a buffer back that [#take] returned; it must not be used any more.
  void give(ByteBuffer buffer) {
    if (buffer.isDirect()) {
      int bits = Integer.numberOfTrailingZeros(buffer.capacity());
      shelves[bits - SMALLEST_BITS].give(buffer);
    }
  }

  private static final class Shelf {
    private final int bytes;
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

    Shelf(int bytes) {
      this.bytes = bytes;
    }

    ByteBuffer take() {
      synchronized (this) {
        ByteBuffer kept = free.pollLast();
        if (kept != null) {
          return kept.clear();
        }
      }
      return ByteBuffer.allocateDirect(bytes);
    }

    synchronized void give(ByteBuffer buffer) {
      if ((long) (free.size() + 1) * bytes <= KEPT_BYTES) {
        free.addLast(buffer);
      }
    }
  }
}
