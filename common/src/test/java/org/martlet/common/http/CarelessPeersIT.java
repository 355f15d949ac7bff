package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients and handlers that give up, fail, stall and answer early, many at once and at random:
/// every buffer comes back, every request ends, and whoever behaved got the right bytes.
class CarelessPeersIT {
  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();
  private static final int CALLS = 400;
  private static final int AT_ONCE = 24;

  private final AtomicInteger whole = new AtomicInteger();
  private final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void nothingIsLeftBehind(long seed) throws Exception {
    CompletableFuture<BufferPool> made = new CompletableFuture<>();
    HttpHandler handler = BlockingHandlers.on(THREADS, request -> handle(request, made.join()));
    HttpClientConfig narrow = HttpClientConfig.DEFAULT.withConnections(16, 8, 100);
    try (Loopback loopback = Loopback.serving(handler, UnaryOperator.identity(), narrow)) {
      BufferPool pool = new BufferPool(loopback.loops(), 64 << 20);
      made.complete(pool);
      Semaphore places = new Semaphore(AT_ONCE);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        long own = seed * 1_000_000 + i;
        places.acquire();
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        call(loopback, pool, new Random(own));
                      } catch (RuntimeException | AssertionError e) {
                        wrong.add(e);
                      } finally {
                        places.release();
                      }
                    }));
      }
      for (Thread thread : threads) {
        assertThat(thread.join(Duration.ofSeconds(30))).as("a call that never ended").isTrue();
      }
      assertThat(wrong).isEmpty();
      Loopback.await("the requests' end", () -> loopback.server().activeRequests() == 0);
      Loopback.await("the buffers' return", () -> pool.outstanding() == 0);
      assertThat(whole.get()).as("calls that went well").isGreaterThan(CALLS / 10);
    }
  }

  /// What the handler does is in the target's first letter.
  private static Response handle(ServerRequest request, BufferPool pool) throws Exception {
    BlockingBody body = new BlockingBody(request.request().body());
    Random random = new Random(request.request().target().hashCode());
    return switch (request.request().target().charAt(1)) {
      case 'a' -> Response.text(507, "answered without reading");
      case 'b' -> {
        body.read().release();
        yield Response.text(422, "answered after one chunk");
      }
      case 'c' -> {
        body.close();
        yield new Response(200, new Headers(), content(pool, random, 200_000, true));
      }
      case 'd' -> throw new IllegalStateException("a fault that this test makes");
      case 'e' -> {
        Loopback.skip(body);
        yield new Response(200, new Headers(), failing(pool));
      }
      default -> {
        byte[] bytes = body.readAll(1 << 24);
        Headers headers = Headers.of("X-Got", Integer.toString(bytes.length));
        yield new Response(200, headers, content(pool, random, bytes.length, random.nextBoolean()));
      }
    };
  }

  private void call(Loopback loopback, BufferPool pool, Random random) {
    char way = "abcdefffffff".charAt(random.nextInt(12));
    int size = random.nextInt(4) == 0 ? random.nextInt(1_000_000) : random.nextInt(3000);
    Body body =
        random.nextInt(8) == 0
            ? failing(pool)
            : random.nextBoolean()
                ? content(pool, random, size, random.nextBoolean())
                : Body.of(new byte[size]);
    long length = body.length();
    Request request = new Request("PUT", "/" + way + random.nextInt(), new Headers(), body);
    Timeouts timeouts =
        random.nextInt(10) == 0
            ? new Timeouts(Duration.ofSeconds(9), Duration.ofMillis(1), Duration.ofMillis(1))
            : Loopback.PATIENT;
    try {
      HttpClient.Call call = open(loopback, request, timeouts, random);
      if (random.nextInt(6) == 0) {
        Thread.yield();
        call.abort();
      }
      Response response = BlockingHandlers.await(call.response());
      BlockingBody answer = new BlockingBody(response.body());
      if (random.nextInt(6) == 0) {
        answer.read().release();
        answer.close();
        return;
      }
      byte[] bytes = answer.readAll(1 << 24);
      if (way == 'f') {
        assertThat(response.headers().get("X-Got")).isEqualTo(Integer.toString(bytes.length));
        assertThat(bytes.length).isEqualTo(length < 0 ? bytes.length : (int) length);
        whole.incrementAndGet();
      }
    } catch (HttpFault e) {
      assertThat(e.kind()).isNotEqualTo(HttpFault.Kind.PROTOCOL);
    }
  }

  private static HttpClient.Call open(
      Loopback loopback, Request request, Timeouts timeouts, Random random) throws HttpFault {
    if (random.nextBoolean()) {
      return loopback.client().send(loopback.endpoint(), request, timeouts);
    }
    HttpClient.Upload upload = loopback.client().open(loopback.endpoint(), request, timeouts);
    if (BlockingHandlers.await(upload.consent())) {
      if (random.nextInt(6) == 0) {
        upload.abort();
      }
      upload.proceed();
    }
    return upload;
  }

  /// Chunks of the pool, some of them late.
  private static Body content(BufferPool pool, Random random, int size, boolean counted) {
    AtomicInteger left = new AtomicInteger(size);
    return Bodies.pulling(
        counted ? size : -1,
        () -> {
          int count = Math.min(left.get(), 1 + random.nextInt(65_536));
          if (count == 0) {
            return CompletableFuture.completedFuture(Chunk.END);
          }
          left.addAndGet(-count);
          return random.nextInt(4) == 0
              ? CompletableFuture.supplyAsync(() -> chunk(pool, count), THREADS)
              : CompletableFuture.completedFuture(chunk(pool, count));
        },
        () -> {});
  }

  private static Body failing(BufferPool pool) {
    AtomicInteger pulled = new AtomicInteger();
    return Bodies.pulling(
        -1,
        () ->
            pulled.incrementAndGet() < 4
                ? CompletableFuture.completedFuture(chunk(pool, 10_000))
                : CompletableFuture.failedFuture(
                    new IllegalStateException("a fault that this test makes")),
        () -> {});
  }

  private static Chunk chunk(BufferPool pool, int size) {
    WritableChunk writable = pool.tryAllocate(size);
    return writable == null ? Chunk.of(new byte[size]) : writable.chunk(size);
  }
}
