package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;

class BodyPumpTest {
  private static final IllegalStateException FAULT = new IllegalStateException("as told");

  /// Gives what the test completes.
  private static final class ManualBody implements Body {
    private final ArrayDeque<CompletableFuture<Chunk>> asked = new ArrayDeque<>();
    private boolean broken;

    @Override
    public long length() {
      return -1;
    }

    @Override
    public CompletableFuture<Chunk> next() {
      if (broken) {
        throw FAULT;
      }
      asked.add(new CompletableFuture<>());
      return asked.getLast();
    }

    @Override
    public Headers trailers() {
      return new Headers();
    }

    @Override
    public void close() {}

    void give(Chunk chunk) {
      asked.remove().complete(chunk);
    }
  }

  private final ManualBody body = new ManualBody();

  private static Chunk chunk() {
    return Chunk.of(new byte[] {1});
  }

  @Test
  void endsWithTheBody() {
    CompletableFuture<?> done =
        BodyPump.run(body, chunk -> CompletableFuture.completedFuture(null));
    body.give(chunk());
    body.give(chunk());
    assertThat(done).isNotDone();

    body.give(Chunk.END);
    assertThat(done).isCompleted();
  }

  @Test
  void failsWhereTheSinkThrowsInACallback() {
    CompletableFuture<?> done =
        BodyPump.run(
            body,
            chunk -> {
              throw FAULT;
            });

    body.give(chunk());
    assertThat(done).isCompletedExceptionally();
    assertThat(done.exceptionNow()).isSameAs(FAULT);
  }

  @Test
  void failsWhereTheSinkThrowsAnErrorInACallback() {
    AssertionError error = new AssertionError("as told");
    CompletableFuture<?> done =
        BodyPump.run(
            body,
            chunk -> {
              throw error;
            });

    body.give(chunk());
    assertThat(done.exceptionNow()).isSameAs(error);
  }

  @Test
  void failsWhereTheBodyThrowsInACallback() {
    CompletableFuture<?> done =
        BodyPump.run(body, chunk -> CompletableFuture.completedFuture(null));

    body.broken = true;
    body.give(chunk());
    assertThat(done.exceptionNow()).isSameAs(FAULT);
  }

  @Test
  void failsWhereTheSinkThrowsAtOnce() {
    Body ready = Body.of(new byte[] {1, 2});
    CompletableFuture<?> done =
        BodyPump.run(
            ready,
            chunk -> {
              throw FAULT;
            });

    assertThat(done.exceptionNow()).isSameAs(FAULT);
  }
}
