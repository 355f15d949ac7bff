package org.martlet.proxyserver.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.HttpFault;

class ProducedBodyTest {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final Counting source = new Counting();

  /// Gives `pieces` pieces of one byte; notes when it is closed.
  private static final class Counting implements ProducedBody.Source {
    private int pieces = 3;
    private int closed;
    private Runnable whileProducing = () -> {};
    private boolean fails;

    @Override
    public byte[] produce() throws IOException {
      assertThat(closed).isZero();
      whileProducing.run();
      assertThat(closed).isZero();
      if (fails) {
        throw new IOException("broke off");
      }
      return new byte[pieces-- > 0 ? 1 : 0];
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private Body begun() throws IOException {
    Body body = ProducedBody.of(source, tasks::add);
    assertThat(body.next().join().size()).isEqualTo(2);
    return body;
  }

  @Test
  void theSourceIsClosedOnceAfterTheLastPiece() throws Exception {
    Body body = begun();
    CompletableFuture<Chunk> third = body.next();
    tasks.remove().run();
    assertThat(third.join().size()).isEqualTo(1);
    assertThat(source.closed).isZero();
    CompletableFuture<Chunk> end = body.next();
    tasks.remove().run();
    assertThat(end.join().size()).isZero();
    body.close();
    assertThat(source.closed).isEqualTo(1);
  }

  @Test
  void closingWhileAPieceIsMadeLeavesTheSourceToItsMaker() throws Exception {
    Body body = begun();
    source.whileProducing = body::close;
    CompletableFuture<Chunk> next = body.next();
    body.close();
    assertThat(source.closed).isZero();
    tasks.remove().run();
    assertThat(next).isDone();
    assertThat(source.closed).isEqualTo(1);
    assertThatThrownBy(() -> body.next().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(HttpFault.class);
    assertThat(tasks).isEmpty();
  }

  @Test
  void closingBetweenPiecesClosesTheSourceAtOnce() throws Exception {
    Body body = begun();
    body.close();
    body.close();
    assertThat(source.closed).isEqualTo(1);
  }

  @Test
  void aFailureClosesTheSource() throws Exception {
    Body body = begun();
    source.fails = true;
    CompletableFuture<Chunk> next = body.next();
    tasks.remove().run();
    assertThatThrownBy(next::join).hasCauseInstanceOf(IOException.class);
    body.close();
    assertThat(source.closed).isEqualTo(1);
  }

  @Test
  void anExecutorThatStopsEndsTheBody() throws Exception {
    Body body =
        ProducedBody.of(
            source,
            task -> {
              throw new RejectedExecutionException("stopped");
            });
    body.next().join().release();
    assertThatThrownBy(() -> body.next().join()).hasCauseInstanceOf(HttpFault.class);
    assertThat(source.closed).isEqualTo(1);
  }
}
