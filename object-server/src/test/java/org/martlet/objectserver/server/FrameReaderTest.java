package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.replication.FrameHead;
import org.martlet.objectserver.server.FrameReader.Frame;

class FrameReaderTest {
  private static byte[] frame(int record, long body, int seed) {
    FrameHead head = new FrameHead(new ObjectHash(seed, seed), seed, false, record, body, 7);
    ByteBuffer bytes = ByteBuffer.allocate((int) head.frameBytes());
    head.write(bytes);
    byte[] rest = new byte[bytes.remaining()];
    new Random(seed).nextBytes(rest);
    return bytes.put(rest).array();
  }

  private static List<ByteBuffer> pieces(byte[] whole, int size) {
    List<ByteBuffer> pieces = new ArrayList<>();
    for (int at = 0; at < whole.length; at += size) {
      pieces.add(ByteBuffer.wrap(whole, at, Math.min(size, whole.length - at)).slice());
    }
    return pieces;
  }

  private static byte[] joined(Frame frame) {
    ByteBuffer all = ByteBuffer.allocate((int) frame.head().frameBytes());
    frame.head().write(all);
    all.put(frame.record());
    frame.body().forEach(all::put);
    return all.array();
  }

  @Property(tries = 200)
  void framesAreTheSameHoweverTheyLieInMemory(
      @ForAll @IntRange(min = 1, max = 300) int piece,
      @ForAll @IntRange(min = 1, max = 200) int record,
      @ForAll @IntRange(min = -1, max = 500) int body) {
    byte[] first = frame(record, body, 1);
    byte[] second = frame(3, 0, 2);
    ByteBuffer both = ByteBuffer.allocate(first.length + second.length).put(first).put(second);
    FrameReader reader = new FrameReader(pieces(both.array(), piece));
    assertThat(reader.hasNext()).isTrue();
    assertThat(joined(reader.next())).isEqualTo(first);
    assertThat(joined(reader.next())).isEqualTo(second);
    assertThat(reader.hasNext()).isFalse();
  }

  @Property(tries = 100)
  void whatIsCutShortIsNoFrame(
      @ForAll @IntRange(min = 1, max = 300) int piece,
      @ForAll @IntRange(min = 1, max = 144) int missing) {
    byte[] whole = frame(50, 50, 1);
    byte[] cut = Arrays.copyOf(whole, whole.length - missing);
    FrameReader reader = new FrameReader(pieces(cut, piece));
    assertThatThrownBy(reader::next)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cut short");
  }

  @Example
  void restIsWhatWasNotTaken() {
    byte[] whole = frame(50, 50, 1);
    FrameReader reader = new FrameReader(pieces(whole, 7));
    ByteBuffer record = reader.take(FrameHead.BYTES, 50);
    assertThat(record.remaining()).isEqualTo(50);
    assertThat(reader.rest().stream().mapToInt(ByteBuffer::remaining).sum()).isEqualTo(50);
    assertThat(reader.hasNext()).isFalse();
  }
}
