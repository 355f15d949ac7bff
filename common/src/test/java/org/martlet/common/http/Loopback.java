package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/// A server and a client on 127.0.0.1 whose buffers are counted: closing this fails when one was
/// not released.
final class Loopback implements AutoCloseable {
  static final Timeouts PATIENT =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20));

  /// What heads above the allowance may take: enough for a dozen of the largest.
  static final int HEAD_BYTES = 1 << 20;

  private static final int WAIT_SECONDS = 20;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final EventLoops loops;
  private final HttpServer server;
  private final NettyHttpClient client;

  private Loopback(
      boolean epoll, HttpServerConfig config, HttpClientConfig clientConfig, HttpHandler handler)
      throws IOException {
    loops = EventLoops.start(2, epoll, allocator, new HeadBudget(HEAD_BYTES));
    server = HttpServer.start(config, loops, handler);
    client = new NettyHttpClient(loops, clientConfig);
  }

  static Loopback serving(HttpHandler handler) throws IOException {
    return serving(handler, UnaryOperator.identity());
  }

  static Loopback serving(HttpHandler handler, UnaryOperator<HttpServerConfig> change)
      throws IOException {
    return serving(handler, change, HttpClientConfig.DEFAULT);
  }

  static Loopback serving(
      HttpHandler handler, UnaryOperator<HttpServerConfig> change, HttpClientConfig client)
      throws IOException {
    HttpServerConfig config =
        HttpServerConfig.on("127.0.0.1", 0).withTimeouts(timeouts(Duration.ofSeconds(20)));
    return new Loopback(Epoll.isAvailable(), change.apply(config), client, handler);
  }

  static Loopback servingOnNio(HttpHandler handler) throws IOException {
    HttpServerConfig config =
        HttpServerConfig.on("127.0.0.1", 0).withTimeouts(timeouts(Duration.ofSeconds(20)));
    return new Loopback(false, config, HttpClientConfig.DEFAULT, handler);
  }

  static ServerTimeouts timeouts(Duration all) {
    return new ServerTimeouts(all, all, all, Duration.ZERO, Duration.ofMillis(500));
  }

  EventLoops loops() {
    return loops;
  }

  HttpServer server() {
    return server;
  }

  NettyHttpClient client() {
    return client;
  }

  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", server.port());
  }

  /// Direct memory in use.
  long buffered() {
    return allocator.metric().usedDirectMemory();
  }

  HttpClient.Call send(Request request) {
    return client.send(endpoint(), request, PATIENT);
  }

  Response exchange(Request request) throws Exception {
    return get(send(request).response());
  }

  RawClient raw() throws IOException {
    return new RawClient(server.port());
  }

  static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /// The fault that a future fails with.
  static HttpFault faultOf(CompletableFuture<?> future)
      throws InterruptedException, TimeoutException {
    try {
      Object value = future.get(WAIT_SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("no fault but " + value);
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(HttpFault.class);
      return (HttpFault) e.getCause();
    }
  }

  static byte[] read(Body body) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (true) {
      Chunk chunk = get(body.next());
      if (chunk.size() == 0) {
        return bytes.toByteArray();
      }
      byte[] copy = new byte[chunk.size()];
      chunk.bytes().get(copy);
      bytes.write(copy);
      chunk.release();
    }
  }

  /// Throws away what is left of a body.
  static void skip(BlockingBody body) throws HttpFault {
    for (Chunk chunk = body.read(); chunk.size() > 0; chunk = body.read()) {
      chunk.release();
    }
  }

  /// Waits for something that other threads bring about.
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(WAIT_SECONDS).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited in vain for: " + what).isLessThan(end);
      LockSupport.parkNanos(500_000);
    }
  }

  @Override
  public void close() {
    client.close();
    server.close();
    loops.close();
    assertThat(buffered()).as("bytes of buffers that nobody released").isZero();
    assertThat(loops.heads().free()).as("bytes for heads").isEqualTo(HEAD_BYTES);
  }
}
