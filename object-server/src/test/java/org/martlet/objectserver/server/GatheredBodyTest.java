package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Refused;

class GatheredBodyTest {
  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static byte[] join(List<ByteBuffer> views) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuffer view : views) {
      byte[] bytes = new byte[view.remaining()];
      view.duplicate().get(bytes);
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  @Property(tries = 200)
  void holdsTheBytesInOrderHoweverTheyCome(
      @ForAll @IntRange(max = 200_000) int size,
      @ForAll @IntRange(min = 1, max = 100_000) int piece,
      @ForAll boolean lengthKnown) {
    byte[] body = bytes(size);
    GatheredBody gathered = new GatheredBody(lengthKnown ? size : -1, new HeapBuffers());
    for (int at = 0; at < size; at += piece) {
      gathered.add(Chunk.of(body, at, Math.min(piece, size - at)));
    }

    assertThat(gathered.size()).isEqualTo(size);
    assertThat(join(gathered.views())).isEqualTo(body);
    assertThat(join(gathered.views())).as("asked again").isEqualTo(body);
  }

  @Test
  void goesOnWithoutAPool() {
    GatheredBody gathered = new GatheredBody(-1, size -> null);
    gathered.add(Chunk.of(bytes(10)));
    assertThat(join(gathered.views())).isEqualTo(bytes(10));
  }

  @Test
  void pumpsALongBodyWithoutDeepeningTheStack() {
    Iterator<Chunk> chunks =
        Stream.generate(() -> Chunk.of(new byte[] {1})).limit(100_000).iterator();
    Body body =
        Bodies.pulling(
            -1,
            () -> CompletableFuture.completedFuture(chunks.hasNext() ? chunks.next() : Chunk.END),
            () -> {});
    int[] seen = new int[1];

    CompletableFuture<?> done =
        BodyPump.run(
            body,
            chunk -> {
              seen[0] += chunk.size();
              return CompletableFuture.completedFuture(null);
            });

    assertThat(done).isCompleted();
    assertThat(seen[0]).isEqualTo(100_000);
  }

  @Test
  void pumpsNothingMoreAfterTheSinkFailed() {
    int[] pulled = new int[1];
    Body body =
        Bodies.pulling(
            -1,
            () -> {
              pulled[0]++;
              return CompletableFuture.completedFuture(Chunk.of(new byte[1]));
            },
            () -> {});

    CompletableFuture<?> done =
        BodyPump.run(
            body,
            chunk ->
                pulled[0] == 3
                    ? CompletableFuture.failedFuture(new Refused(507, "full"))
                    : CompletableFuture.completedFuture(null));

    assertThat(done).isCompletedExceptionally();
    assertThat(pulled[0]).isEqualTo(3);
  }
}
