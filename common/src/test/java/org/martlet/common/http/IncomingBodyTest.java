package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class IncomingBodyTest {
  private static final int PIECE = 8192;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final DefaultEventExecutor loop = new DefaultEventExecutor();
  private final Input input = new Input(allocator);

  private final IncomingBody.Source source =
      new IncomingBody.Source() {
        @Override
        public EventExecutor loop() {
          return loop;
        }

        @Override
        public void bodyWanted() {}

        @Override
        public void bodyReceived() {}

        @Override
        public void bodyAbandoned() {}

        @Override
        public void bodyFailed(HttpFault fault) {}
      };

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  @Test
  void aLastPieceThatComesWhileTheBodyIsClosedIsReleased() throws Exception {
    IncomingBody body =
        new IncomingBody(source, input, new BodyDecoder(2 * PIECE, MessageLimits.DEFAULT), PIECE);
    CompletableFuture<Chunk> first = body.next();
    loop.submit(() -> arrive(body)).sync();
    Loopback.get(first).release();

    CountDownLatch closed = new CountDownLatch(1);
    loop.execute(
        () -> {
          awaitQuietly(closed);
          arrive(body);
        });
    body.close();
    closed.countDown();
    loop.submit(() -> {}).sync();

    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  private void arrive(IncomingBody body) {
    ByteBuf bytes = allocator.directBuffer(PIECE).writeZero(PIECE);
    input.add(bytes);
    body.feed();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
