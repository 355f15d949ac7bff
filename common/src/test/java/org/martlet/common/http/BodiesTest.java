package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BodiesTest {
  private static Chunk text(String text) {
    return Chunk.of(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static Body of(String... texts) {
    ArrayDeque<String> left = new ArrayDeque<>(List.of(texts));
    return Bodies.pulling(
        -1,
        () -> CompletableFuture.completedFuture(left.isEmpty() ? Chunk.END : text(left.remove())),
        left::clear);
  }

  @Test
  void aBodyOfAMillionReadyChunksIsReadWithoutDeepRecursion() throws Exception {
    AtomicInteger left = new AtomicInteger(1_000_000);
    Body body =
        Bodies.pulling(
            -1,
            () ->
                CompletableFuture.completedFuture(
                    left.getAndDecrement() > 0 ? text("x") : Chunk.END),
            () -> {});
    assertThat(Bodies.readAll(body, 1_000_000).get()).hasSize(1_000_000);
  }

  @Test
  void aSharedArrayIsGivenOutInPiecesAndEndsOnce() throws Exception {
    byte[] content = new byte[200_000];
    Arrays.fill(content, 65_536, 131_072, (byte) 1);
    AtomicInteger ended = new AtomicInteger();
    Body body = Bodies.sliced(content, ended::incrementAndGet);
    assertThat(body.length()).isEqualTo(200_000);
    assertThat(body.next().get().size()).isEqualTo(65_536);
    body.close();
    body.close();
    assertThat(body.next().get()).isSameAs(Chunk.END);
    assertThat(ended).hasValue(1);
    Body whole = Bodies.sliced(content, ended::incrementAndGet);
    assertThat(Bodies.readAll(whole, 200_000).get()).isEqualTo(content);
    assertThat(ended).hasValue(2);
    assertThat(Bodies.readAll(Bodies.sliced(new byte[0], () -> {}), 0).get()).isEmpty();
  }

  @Test
  void aBodyPastTheLimitIsRefusedAndClosed() {
    AtomicBoolean closed = new AtomicBoolean();
    AtomicInteger released = new AtomicInteger();
    Body body =
        Bodies.pulling(
            -1,
            () -> CompletableFuture.completedFuture(new CountedChunk(released)),
            () -> closed.set(true));
    assertThatThrownBy(() -> Bodies.readAll(body, 100).get())
        .isInstanceOfSatisfying(
            ExecutionException.class,
            e -> assertThat(HttpFault.of(e).kind()).isEqualTo(HttpFault.Kind.TOO_LARGE));
    assertThat(closed).isTrue();
    assertThat(released.get()).as("eleven fit, the twelfth does not").isEqualTo(12);
  }

  @Test
  void aDeclaredLengthPastTheLimitIsRefusedUnread() {
    assertThatThrownBy(() -> new BlockingBody(Body.of(new byte[11])).readAll(10))
        .isInstanceOfSatisfying(
            HttpFault.class, fault -> assertThat(fault.kind()).isEqualTo(HttpFault.Kind.TOO_LARGE));
  }

  @Test
  void aStreamReadsAcrossChunks() throws Exception {
    try (InputStream stream = new BlockingBody(of("ab", "c", "def")).stream()) {
      assertThat(stream.read()).isEqualTo('a');
      assertThat(new String(stream.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("bcdef");
      assertThat(stream.read()).isEqualTo(-1);
    }
  }

  @Test
  void anInterruptedReaderGivesUpAndReleasesWhatComesLate() throws Exception {
    CompletableFuture<Chunk> late = new CompletableFuture<>();
    AtomicBoolean closed = new AtomicBoolean();
    AtomicInteger released = new AtomicInteger();
    Body body = Bodies.pulling(-1, () -> late, () -> closed.set(true));
    CompletableFuture<HttpFault> seen = new CompletableFuture<>();
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    new BlockingBody(body).read();
                  } catch (HttpFault e) {
                    seen.complete(e);
                  }
                });
    reader.interrupt();
    assertThat(Loopback.get(seen).kind()).isEqualTo(HttpFault.Kind.ABORTED);
    assertThat(reader.join(Duration.ofSeconds(20))).isTrue();
    late.complete(new CountedChunk(released));
    assertThat(released.get()).isEqualTo(1);
    assertThat(closed).isTrue();
  }

  /// Nine bytes.
  private record CountedChunk(AtomicInteger released) implements Chunk {
    @Override
    public int size() {
      return 9;
    }

    @Override
    public ByteBuffer bytes() {
      return ByteBuffer.allocate(9);
    }

    @Override
    public Chunk retain() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void release() {
      released.incrementAndGet();
    }
  }
}
