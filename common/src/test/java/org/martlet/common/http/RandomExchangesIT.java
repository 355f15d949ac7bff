package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Any message that is sent arrives as it was sent, through a real client and a real server,
/// however the pieces fall and whether or not they wait.
class RandomExchangesIT {
  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();
  private static final AtomicReference<Loopback> LOOPBACK = new AtomicReference<>();

  @BeforeContainer
  static void start() throws Exception {
    LOOPBACK.set(Loopback.serving(BlockingHandlers.on(THREADS, RandomExchangesIT::echo)));
  }

  @AfterContainer
  static void stop() {
    LOOPBACK.get().close();
  }

  /// Sends back the body in other pieces, the headers, and as trailers the trailers.
  private static Response echo(ServerRequest request) throws Exception {
    BlockingBody body = new BlockingBody(request.request().body());
    byte[] bytes = body.readAll(1 << 24);
    Headers headers = new Headers();
    request.request().headers().forEach((name, value) -> headers.add("Echo-" + name, value));
    boolean counted = request.request().headers().contains("X-Counted");
    Body answer = pieces(bytes, new Random(bytes.length), counted, body.trailers());
    return new Response(200, headers, answer);
  }

  private static Body pieces(byte[] bytes, Random random, boolean counted, Headers trailers) {
    ArrayDeque<byte[]> left = new ArrayDeque<>();
    int from = 0;
    while (from < bytes.length) {
      int most = random.nextBoolean() ? 100 : 100_000;
      int to = Math.min(bytes.length, from + 1 + random.nextInt(most));
      left.add(Arrays.copyOfRange(bytes, from, to));
      from = to;
    }
    return Bodies.pulling(
        counted ? bytes.length : -1,
        () -> {
          byte[] next = left.poll();
          Chunk chunk = next == null ? Chunk.END : Chunk.of(next);
          return random.nextBoolean()
              ? CompletableFuture.completedFuture(chunk)
              : CompletableFuture.supplyAsync(() -> chunk, THREADS);
        },
        () -> trailers,
        left::clear);
  }

  @Property(tries = 150)
  void whatIsSentArrives(
      @ForAll @Size(max = 12) List<@From("fieldNames") String> names,
      @ForAll @From("fieldValues") String value,
      @ForAll @IntRange(max = 400_000) int size,
      @ForAll boolean counted,
      @ForAll boolean consent,
      @ForAll long seed)
      throws Exception {
    Random random = new Random(seed);
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    Headers headers = new Headers();
    names.forEach(name -> headers.add(name, value));
    if (counted) {
      headers.add("X-Counted", "yes");
    }
    Headers trailers = Headers.of("X-Sum", Integer.toString(Arrays.hashCode(bytes)));
    Body body = pieces(bytes, random, counted, trailers);
    Response response = exchange(new Request("PUT", "/a/" + seed, headers, body), consent);
    assertThat(response.status()).isEqualTo(200);
    for (String name : names) {
      String echoed = "Echo-" + name.toLowerCase(Locale.ROOT);
      assertThat(response.headers().all(echoed)).contains(value.strip());
    }
    assertThat(Loopback.get(Bodies.readAll(response.body(), 1 << 24))).isEqualTo(bytes);
    if (!counted) {
      assertThat(response.body().trailers().get("X-Sum")).isEqualTo(trailers.get("X-Sum"));
    }
  }

  private static Response exchange(Request request, boolean consent) throws Exception {
    Loopback loopback = LOOPBACK.get();
    if (!consent) {
      return loopback.exchange(request);
    }
    HttpClient.Upload upload =
        loopback.client().open(loopback.endpoint(), request, Loopback.PATIENT);
    if (Loopback.get(upload.consent())) {
      upload.proceed();
    }
    return Loopback.get(upload.response());
  }

  @Provide
  Arbitrary<String> fieldNames() {
    return Arbitraries.strings()
        .alpha()
        .withChars("-_")
        .ofMinLength(1)
        .ofMaxLength(20)
        .map(name -> "X-" + name);
  }

  @Provide
  Arbitrary<String> fieldValues() {
    return Arbitraries.strings()
        .withCharRange(' ', '~')
        .withCharRange('\u00a1', '\u00ff')
        .ofMaxLength(200)
        .map(
            text ->
                new String(
                    text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1));
  }
}
