package org.martlet.objectserver.server;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.martlet.common.replication.FrameHead;

/// Takes frames apart that lie in memory in pieces. Bodies are views, not copies.
final class FrameReader {
  private final List<ByteBuffer> pieces;
  private int at;

  /// @param pieces in order; their positions are used up
  FrameReader(List<ByteBuffer> pieces) {
    this.pieces = pieces;
  }

  /// A frame.
  ///
  /// @param body of as many bytes as the head says; none where it is omitted
  record Frame(FrameHead head, ByteBuffer record, List<ByteBuffer> body) {}

  boolean hasNext() {
    while (at < pieces.size() && !pieces.get(at).hasRemaining()) {
      at++;
    }
    return at < pieces.size();
  }

  /// @throws IllegalArgumentException with words for the sender if there is no whole frame
  Frame next() {
    FrameHead head = FrameHead.read(joined(FrameHead.BYTES));
    ByteBuffer record = joined(head.recordBytes());
    return new Frame(head, record, views(Math.max(0, head.bodyBytes())));
  }

  /// Some bytes behind others, in one piece.
  ByteBuffer take(int skipped, int bytes) {
    views(skipped);
    return joined(bytes);
  }

  /// What has not been taken.
  List<ByteBuffer> rest() {
    return views(pieces.stream().mapToLong(ByteBuffer::remaining).sum());
  }

  private ByteBuffer joined(int bytes) {
    List<ByteBuffer> views = views(bytes);
    if (views.size() == 1) {
      return views.getFirst();
    }
    ByteBuffer joined = ByteBuffer.allocate(bytes);
    views.forEach(joined::put);
    return joined.flip();
  }

  private List<ByteBuffer> views(long bytes) {
    List<ByteBuffer> views = new ArrayList<>(1);
    long left = bytes;
    while (left > 0) {
      if (!hasNext()) {
        throw new IllegalArgumentException("a frame is cut short");
      }
      ByteBuffer piece = pieces.get(at);
      int part = (int) Math.min(left, piece.remaining());
      views.add(piece.slice(piece.position(), part));
      piece.position(piece.position() + part);
      left -= part;
    }
    return views;
  }
}
