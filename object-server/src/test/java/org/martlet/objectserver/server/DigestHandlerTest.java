package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Response;
import org.martlet.common.model.Digest;

class DigestHandlerTest {
  private static final Digest SOME =
      Digest.read(
          ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}));

  private final TestClock clock = new TestClock();
  private final DigestHandler handler = new DigestHandler(clock);

  private static List<Integer> partitions(Response response) throws Exception {
    Chunk chunk = response.body().next().get();
    ByteBuffer bytes = chunk.bytes();
    assertThat(bytes.getInt()).isEqualTo('M' << 24 | 'D' << 16 | 'G' << 8 | 1);
    List<Integer> partitions = new ArrayList<>();
    while (bytes.hasRemaining()) {
      partitions.add(bytes.getInt());
      assertThat(Digest.read(bytes)).isEqualTo(SOME);
    }
    return partitions;
  }

  @Test
  void tellsAllPartitionsThatHoldSomethingWhereThereIsTime() throws Exception {
    Response response = handler.answer(p -> p.value() % 2 == 0 ? SOME : Digest.ZERO, 3, 9);

    assertThat(partitions(response)).containsExactly(4, 6, 8);
    assertThat(response.headers().get(DigestHandler.NEXT)).isNull();
  }

  @Test
  void endsWhenItsTimeIsOverAndSaysWhereToGoOn() throws Exception {
    DigestHandler.Digests slow =
        partition -> {
          clock.advance(DigestHandler.TIME.dividedBy(2));
          return SOME;
        };

    Response first = handler.answer(slow, 0, 5);
    assertThat(partitions(first)).containsExactly(0, 1);
    assertThat(first.headers().get(DigestHandler.NEXT)).isEqualTo("2");
    Response last = handler.answer(slow, 4, 5);
    assertThat(partitions(last)).containsExactly(4);
    assertThat(last.headers().get(DigestHandler.NEXT)).isNull();
  }

  @Test
  void tellsAtLeastOnePartition() throws Exception {
    DigestHandler.Digests verySlow =
        partition -> {
          clock.advance(DigestHandler.TIME.multipliedBy(10));
          return SOME;
        };

    Response response = handler.answer(verySlow, 7, 9);
    assertThat(partitions(response)).containsExactly(7);
    assertThat(response.headers().get(DigestHandler.NEXT)).isEqualTo("8");
  }
}
