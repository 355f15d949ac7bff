package org.martlet.objectserver.server;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.martlet.common.http.Chunk;

/// A body that is kept in memory until it is stored.
///
/// A chunk that is the whole body is kept as it is; others are copied together, so that a sender
/// of many small chunks cannot pin more memory than the budget was asked for. The budget is the
/// bound: where the pool has no buffer left, the heap gives one.
///
/// - Threads: one at a time.
final class GatheredBody {
  private static final int SEGMENT = 64 * 1024;

  private final long expected;
  private final ReadBuffers buffers;
  private final List<Chunk> whole = new ArrayList<>(1);
  private final List<ReadBuffers.Buffer> segments = new ArrayList<>(4);
  private long size;

  /// @param expected the length where it is known, else -1
  GatheredBody(long expected, ReadBuffers buffers) {
    this.expected = expected;
    this.buffers = buffers;
  }

  long size() {
    return size;
  }

  /// Takes over a chunk.
  void add(Chunk chunk) {
    size += chunk.size();
    if (chunk.size() == expected) {
      whole.add(chunk);
      return;
    }
    try {
      ByteBuffer bytes = chunk.bytes();
      while (bytes.hasRemaining()) {
        ByteBuffer to = room();
        int part = Math.min(to.remaining(), bytes.remaining());
        to.put(to.position(), bytes, bytes.position(), part);
        to.position(to.position() + part);
        bytes.position(bytes.position() + part);
      }
    } finally {
      chunk.release();
    }
  }

  private ByteBuffer room() {
    if (segments.isEmpty() || !segments.getLast().bytes().hasRemaining()) {
      long left = expected < 0 ? SEGMENT : expected - SEGMENT * (long) segments.size();
      int bytes = Math.clamp(left, 1, SEGMENT);
      ReadBuffers.Buffer pooled = buffers.tryAllocate(bytes);
      segments.add(pooled == null ? new HeapBuffers().tryAllocate(bytes) : pooled);
    }
    return segments.getLast().bytes();
  }

  /// The bytes in order; valid until [#release].
  List<ByteBuffer> views() {
    List<ByteBuffer> views = new ArrayList<>(whole.size() + segments.size());
    whole.forEach(chunk -> views.add(chunk.bytes()));
    segments.forEach(segment -> views.add(segment.bytes().duplicate().flip()));
    return views;
  }

  /// Frees the memory; idempotent.
  void release() {
    whole.forEach(Chunk::release);
    whole.clear();
    segments.forEach(ReadBuffers.Buffer::release);
    segments.clear();
  }
}
