package org.martlet.replicator.run;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.martlet.common.replication.FrameHead;
import org.martlet.common.replication.HashList;

/// Takes an answer with frames apart; what is in them stays as it is.
final class FrameReader {
  private FrameReader() {}

  /// @throws IllegalArgumentException if the bytes are no frames one after the other
  static List<RecordFrame> read(byte[] bytes) {
    List<RecordFrame> frames = new ArrayList<>();
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      int from = rest.position();
      FrameHead head = FrameHead.read(rest);
      long end = from + head.frameBytes();
      if (end > bytes.length || frames.size() == HashList.MAX_ENTRIES) {
        throw new IllegalArgumentException("a frame is cut short, or there are too many");
      }
      frames.add(new RecordFrame(head, ByteBuffer.wrap(bytes, from, (int) (end - from)).slice()));
      rest.position((int) end);
    }
    return frames;
  }

  /// The bytes of frames, one after the other.
  static byte[] write(List<RecordFrame> frames) {
    int size = frames.stream().mapToInt(frame -> frame.bytes().remaining()).sum();
    ByteBuffer to = ByteBuffer.allocate(size);
    frames.forEach(frame -> to.put(frame.bytes()));
    return to.array();
  }
}
