package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Buffers of the pool, in memory and through a server.
class BufferPoolIT {
  private static final HttpHandler NOTHING =
      request -> CompletableFuture.completedFuture(Response.empty(204));

  @Test
  void theBudgetBoundsWhatIsOut() throws Exception {
    try (Loopback loopback = Loopback.serving(NOTHING)) {
      BufferPool pool = new BufferPool(loopback.loops(), 1 << 20);
      WritableChunk first = pool.tryAllocate(600_000);
      assertThat(pool.tryAllocate(600_000)).isNull();
      assertThat(pool.allocate(600_000, Duration.ofMillis(10))).isNull();
      CompletableFuture<WritableChunk> waits =
          CompletableFuture.supplyAsync(() -> allocate(pool, 600_000));
      first.release();
      WritableChunk second = Loopback.get(waits);
      assertThat(pool.outstanding()).isEqualTo(600_064);
      second.release();
      assertThat(pool.outstanding()).isZero();
      assertThatThrownBy(() -> pool.tryAllocate(2 << 20))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aChunkHoldsWhatWasWrittenUntilItsLastOwnerReleasesIt() throws Exception {
    try (Loopback loopback = Loopback.serving(NOTHING)) {
      BufferPool pool = new BufferPool(loopback.loops(), 1 << 20);
      WritableChunk writable = pool.tryAllocate(5000);
      assertThat(writable.buffer().isDirect()).isTrue();
      writable.buffer().put(100, "hello".getBytes());
      Chunk chunk = writable.chunk(100, 5);
      assertThatThrownBy(writable::buffer).isInstanceOf(IllegalStateException.class);
      assertThat(chunk.bytes()).isEqualTo(ByteBuffer.wrap("hello".getBytes()));
      assertThat(chunk.bytes().isReadOnly()).isTrue();
      Chunk other = chunk.retain();
      chunk.release();
      assertThat(pool.outstanding()).isEqualTo(5120);
      assertThat(other.bytes()).isEqualTo(ByteBuffer.wrap("hello".getBytes()));
      other.release();
      assertThat(pool.outstanding()).isZero();
      assertThatThrownBy(other::release).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void chunksThatAreSentComeBackToTheBudget() throws Exception {
    AtomicInteger left = new AtomicInteger(200);
    CompletableFuture<BufferPool> pool = new CompletableFuture<>();
    Body body =
        Bodies.pulling(
            200 * 65_536,
            () -> CompletableFuture.completedFuture(next(pool.join(), left)),
            () -> {});
    HttpHandler handler =
        request -> CompletableFuture.completedFuture(new Response(200, new Headers(), body));
    try (Loopback loopback = Loopback.serving(handler)) {
      pool.complete(new BufferPool(loopback.loops(), 1 << 20));
      Response response = loopback.exchange(Request.withoutBody("GET", "/", new Headers()));
      byte[] bytes = Loopback.read(response.body());
      assertThat(bytes).hasSize(200 * 65_536);
      for (int i = 0; i < 200; i++) {
        assertThat(bytes[i * 65_536]).isEqualTo((byte) (200 - i));
      }
      Loopback.await("all given back", () -> pool.join().outstanding() == 0);
    }
  }

  @Test
  void aClientThatGoesAwayGivesTheBudgetBack() throws Exception {
    AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    CompletableFuture<BufferPool> pool = new CompletableFuture<>();
    HttpHandler handler =
        request ->
            CompletableFuture.completedFuture(
                new Response(
                    200,
                    new Headers(),
                    Bodies.pulling(
                        -1,
                        () -> CompletableFuture.completedFuture(next(pool.join(), left)),
                        () -> {})));
    try (Loopback loopback = Loopback.serving(handler)) {
      pool.complete(new BufferPool(loopback.loops(), 1 << 20));
      try (RawClient raw = loopback.raw()) {
        raw.send("GET / HTTP/1.1\r\n\r\n").readBytes(100_000);
        assertThat(pool.join().outstanding()).isPositive();
      }
      Loopback.await("all given back", () -> pool.join().outstanding() == 0);
    }
  }

  private static Chunk next(BufferPool pool, AtomicInteger left) {
    int number = left.getAndDecrement();
    if (number == 0) {
      return Chunk.END;
    }
    WritableChunk writable = pool.tryAllocate(65_536);
    ByteBuffer buffer = writable.buffer();
    buffer.put(0, (byte) number);
    return writable.chunk(65_536);
  }

  private static WritableChunk allocate(BufferPool pool, int size) {
    try {
      return pool.allocate(size, Duration.ofSeconds(20));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
