package org.martlet.common.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What was received on a connection and not yet consumed.
///
/// - Ownership: holds one reference of each part.
/// - Threads: the connection's event loop.
final class Input {
  /// Chunks up to this many bytes are copied to the heap.
  private static final int SMALL = 1024;

  private final ByteBufAllocator allocator;
  private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>(2);
  private int readable;
  private boolean ended;

  /// How [#takeLine] ended.
  enum Line {
    WHOLE,
    PARTIAL,
    TOO_LONG
  }

  Input(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  void add(ByteBuf part) {
    if (part.isReadable()) {
      readable += part.readableBytes();
      parts.add(part);
    } else {
      part.release();
    }
  }

  int readable() {
    return readable;
  }

  /// Notes that nothing more will come.
  void end() {
    ended = true;
  }

  boolean hasEnded() {
    return ended;
  }

  /// Moves bytes into the line, up to and including the next LF.
  ///
  /// @param limit bytes that the line may have, its end included
  Line takeLine(LineBuffer line, int limit) {
    for (ByteBuf part = parts.peek(); part != null; part = parts.peek()) {
      int before = part.bytesBefore((byte) '\n');
      int count = before < 0 ? part.readableBytes() : before + 1;
      if (line.length() + count > limit) {
        return Line.TOO_LONG;
      }
      line.append(part, count);
      consumed(part, count);
      if (before >= 0) {
        return Line.WHOLE;
      }
    }
    return Line.PARTIAL;
  }

  /// The next bytes, at most `max`; null if there are none.
  @Nullable Chunk take(long max) {
    ByteBuf part = parts.peek();
    if (part == null) {
      return null;
    }
    int count = (int) Math.min(max, part.readableBytes());
    Chunk chunk = slice(part, count);
    consumed(part, count);
    return chunk;
  }

  /// Copies the next bytes of the first part, at most `max`; only when there are some.
  int read(byte[] into, int offset, int max) {
    ByteBuf part = parts.element();
    int count = Math.min(max, part.readableBytes());
    part.readBytes(into, offset, count);
    consumed(part, count);
    return count;
  }

  /// Throws away up to `max` bytes and tells how many.
  int skip(long max) {
    int skipped = 0;
    for (ByteBuf part = parts.peek(); part != null && skipped < max; part = parts.peek()) {
      int count = (int) Math.min(max - skipped, part.readableBytes());
      part.skipBytes(count);
      consumed(part, count);
      skipped += count;
    }
    return skipped;
  }

  void release() {
    for (ByteBuf part = parts.poll(); part != null; part = parts.poll()) {
      part.release();
    }
    readable = 0;
  }

  /// Small pieces of large buffers are copied, so that who keeps a chunk keeps about its size.
  private Chunk slice(ByteBuf part, int count) {
    if (count <= SMALL) {
      byte[] copy = new byte[count];
      part.readBytes(copy);
      return Chunk.of(copy);
    }
    if (count < part.capacity() / 4) {
      return new NettyChunk(allocator.directBuffer(count).writeBytes(part, count));
    }
    return new NettyChunk(part.readRetainedSlice(count));
  }

  private void consumed(ByteBuf part, int count) {
    readable -= count;
    if (!part.isReadable()) {
      parts.remove();
      part.release();
    }
  }
}
