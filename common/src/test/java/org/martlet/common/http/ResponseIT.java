package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// How answers go out.
class ResponseIT {
  private static final String LONG = "x".repeat(3000);

  private static CompletableFuture<Chunk> noDisk() {
    return CompletableFuture.failedFuture(
        new IllegalStateException("a fault that this test makes"));
  }

  private static HttpHandler answering(Response response) {
    return request -> CompletableFuture.completedFuture(response);
  }

  private static Body pieces(long length, Headers trailers, String... texts) {
    Iterator<String> left = List.of(texts).iterator();
    return Bodies.pulling(
        length,
        () ->
            CompletableFuture.completedFuture(
                left.hasNext()
                    ? Chunk.of(left.next().getBytes(StandardCharsets.US_ASCII))
                    : Chunk.END),
        () -> trailers,
        () -> {});
  }

  private static String ask(HttpHandler handler, String head) throws Exception {
    try (Loopback loopback = Loopback.serving(handler);
        RawClient raw = loopback.raw()) {
      return raw.send(head + "\r\n\r\n").readToEnd();
    }
  }

  private static String askOnce(HttpHandler handler) throws Exception {
    return ask(handler, "GET / HTTP/1.1\r\nConnection: close");
  }

  @Test
  void theHandlersFramingHeadersAreReplaced() throws Exception {
    Headers headers = Headers.of("Content-Length", "99", "Transfer-Encoding", "gzip", "A", "b");
    String answer =
        askOnce(answering(new Response(200, headers, pieces(5, new Headers(), "he", "llo"))));
    assertThat(answer).startsWith("HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 5\r\nDate: ");
    assertThat(answer).doesNotContain("99").doesNotContain("gzip").endsWith("\r\n\r\nhello");
  }

  @Test
  void aBodyOfUnknownLengthIsChunkedAndHasTrailers() throws Exception {
    Headers trailers = Headers.of("X-Backend-Crc32c", "1a2b");
    String answer =
        askOnce(
            answering(new Response(200, new Headers(), pieces(-1, trailers, "hello", "world!"))));
    assertThat(answer).contains("Transfer-Encoding: chunked\r\n");
    assertThat(answer)
        .endsWith("\r\n\r\n5\r\nhello\r\n6\r\nworld!\r\n0\r\nX-Backend-Crc32c: 1a2b\r\n\r\n");
  }

  @Test
  void anEmptyBodyOfUnknownLengthIsOneLastChunk() throws Exception {
    String answer = askOnce(answering(new Response(200, new Headers(), pieces(-1, new Headers()))));
    assertThat(answer).endsWith("\r\n\r\n0\r\n\r\n");
  }

  @Test
  void http10GetsABodyThatEndsWithTheConnection() throws Exception {
    String answer =
        ask(
            answering(new Response(200, new Headers(), pieces(-1, new Headers(), "hello"))),
            "GET / HTTP/1.0\r\nConnection: keep-alive");
    assertThat(answer).contains("Connection: close\r\n").endsWith("\r\n\r\nhello");
    assertThat(answer).doesNotContain("chunked");
  }

  @Test
  void http10KeepsTheConnectionWhenAsked() throws Exception {
    try (Loopback loopback = Loopback.serving(request -> answered(Response.text(200, "hello")));
        RawClient raw = loopback.raw()) {
      for (int i = 0; i < 2; i++) {
        raw.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
        assertThat(raw.readHead()).contains("Connection: keep-alive\r\n");
        assertThat(raw.readBytes(5)).isEqualTo("hello");
      }
      raw.send("GET / HTTP/1.0\r\n\r\n");
      assertThat(raw.readToEnd()).contains("Connection: close\r\n").endsWith("hello");
    }
  }

  @Test
  void headHasTheHandlersLengthAndNoBody() throws Exception {
    Headers headers = Headers.of("Content-Length", "1234567");
    String answer =
        ask(answering(Response.empty(200, headers)), "HEAD / HTTP/1.1\r\nConnection: close");
    assertThat(answer).contains("Content-Length: 1234567\r\n").endsWith("\r\n\r\n");
    String own =
        ask(answering(Response.text(200, "hello")), "HEAD / HTTP/1.1\r\nConnection: close");
    assertThat(own).contains("Content-Length: 5\r\n").endsWith("\r\n\r\n");
  }

  @Test
  void headTellsNoLengthWhereTheHandlerKnowsNone() throws Exception {
    String answer =
        ask(
            answering(new Response(200, new Headers(), Body.ofUnknownLength())),
            "HEAD / HTTP/1.1\r\nConnection: close");
    assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
    assertThat(answer).doesNotContain("Content-Length");
  }

  @Test
  void answersThatHaveNoBodySendNone() throws Exception {
    assertThat(askOnce(answering(Response.text(204, "hello"))))
        .doesNotContain("Content-Length")
        .endsWith("\r\n\r\n");
    assertThat(askOnce(answering(Response.text(304, "hello"))))
        .doesNotContain("Content-Length")
        .endsWith("\r\n\r\n");
    assertThat(askOnce(answering(Response.empty(204, Headers.of("Content-Length", "0")))))
        .contains("Content-Length: 0\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void aBodyShorterThanItsLengthClosesTheConnection() throws Exception {
    String answer =
        ask(
            answering(new Response(200, new Headers(), pieces(3005, new Headers(), LONG, "tail"))),
            "GET / HTTP/1.1");
    assertThat(answer).contains("Content-Length: 3005\r\n").endsWith("xtail");
  }

  @Test
  void aBodyLongerThanItsLengthIsCut() throws Exception {
    String answer =
        askOnce(
            answering(
                new Response(200, new Headers(), pieces(7, new Headers(), "hello", "world"))));
    assertThat(answer).contains("Content-Length: 7\r\n").endsWith("\r\n\r\nhellowo");
  }

  @Test
  void aBodyThatFailsAtOnceIsAnsweredFor() throws Exception {
    AtomicBoolean closed = new AtomicBoolean();
    Body failing = Bodies.pulling(-1, ResponseIT::noDisk, () -> closed.set(true));
    String answer = ask(answering(new Response(200, new Headers(), failing)), "GET / HTTP/1.1");
    assertThat(answer).startsWith("HTTP/1.1 500 ").contains("Connection: close\r\n");
    assertThat(closed).isTrue();
  }

  @Test
  void aBodyThatFailsLaterClosesTheConnection() throws Exception {
    AtomicBoolean closed = new AtomicBoolean();
    Body start = pieces(-1, new Headers(), LONG);
    AtomicBoolean begun = new AtomicBoolean();
    Body failing =
        Bodies.pulling(
            -1, () -> begun.getAndSet(true) ? noDisk() : start.next(), () -> closed.set(true));
    String answer = ask(answering(new Response(200, new Headers(), failing)), "GET / HTTP/1.1");
    assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("bb8\r\n" + LONG);
    assertThat(closed).isTrue();
  }

  @Test
  void aHandlerThatFailsIsAnsweredFor() throws Exception {
    HttpHandler throwing =
        request -> {
          throw new IllegalStateException("a fault that this test makes");
        };
    HttpHandler failing =
        request ->
            CompletableFuture.failedFuture(
                new IllegalStateException("a fault that this test makes"));
    for (HttpHandler handler : List.of(throwing, failing, answering(Response.empty(99)))) {
      String answer = askOnce(handler);
      assertThat(answer)
          .startsWith("HTTP/1.1 500 Internal Error\r\n")
          .endsWith("\r\n\r\nInternal error.\n");
      assertThat(answer).doesNotContain("fault that");
    }
  }

  @Test
  void aClientThatDoesNotReadHoldsTheBodyBack() throws Exception {
    EndlessBody body = new EndlessBody(Long.MAX_VALUE);
    try (Loopback loopback = Loopback.serving(answering(new Response(200, new Headers(), body)))) {
      try (RawClient raw = loopback.raw()) {
        raw.send("GET / HTTP/1.1\r\n\r\n");
        raw.readBytes(100);
        assertThat(body.closed().await(300, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(body.pulled()).as("what the kernel buffers").isLessThan(20 << 20);
        assertThat(loopback.buffered()).isLessThan(1 << 20);
      }
      assertThat(body.closed().await(20, TimeUnit.SECONDS)).as("closed with its client").isTrue();
      Loopback.await("the end", () -> loopback.server().activeRequests() == 0);
    }
  }

  @Test
  void aClientThatNeverReadsIsGivenUp() throws Exception {
    EndlessBody body = new EndlessBody(-1);
    try (Loopback loopback =
            Loopback.serving(
                answering(new Response(200, new Headers(), body)),
                config -> config.withTimeouts(Loopback.timeouts(Duration.ofMillis(200))));
        RawClient raw = loopback.raw()) {
      raw.send("GET / HTTP/1.1\r\n\r\n");
      assertThat(body.closed().await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aClientThatGoesAwayBeforeTheAnswerClosesItsBody() throws Exception {
    CompletableFuture<Response> later = new CompletableFuture<>();
    EndlessBody body = new EndlessBody(-1);
    try (Loopback loopback = Loopback.serving(request -> later)) {
      try (RawClient raw = loopback.raw()) {
        raw.send("GET / HTTP/1.1\r\n\r\n");
        Loopback.await("the request", () -> loopback.server().activeRequests() == 1);
      }
      later.complete(new Response(200, new Headers(), body));
      assertThat(body.closed().await(20, TimeUnit.SECONDS)).isTrue();
      Loopback.await("the end", () -> loopback.server().connections() == 0);
      Loopback.await("the end", () -> loopback.server().activeRequests() == 0);
    }
  }

  @Test
  void aClientMayCloseItsSideAndStillReadItsAnswers() throws Exception {
    try (Loopback loopback =
            Loopback.serving(
                BlockingHandlers.on(
                    Executors.newVirtualThreadPerTaskExecutor(),
                    request -> Response.text(200, "hello")));
        RawClient raw = loopback.raw()) {
      raw.send("GET / HTTP/1.1\r\n\r\n".repeat(3)).shutdownOutput();
      assertThat(raw.readToEnd().split("hello", -1)).hasSize(4);
      Loopback.await("the end", () -> loopback.server().connections() == 0);
    }
  }

  @Test
  void pipelinedRequestsOfAClientThatDoesNotReadAreNotBegun() throws Exception {
    AtomicInteger handled = new AtomicInteger();
    byte[] answer = new byte[100_000];
    try (Loopback loopback =
            Loopback.serving(
                request -> {
                  handled.incrementAndGet();
                  return answered(new Response(200, new Headers(), Body.of(answer)));
                });
        RawClient raw = loopback.raw()) {
      raw.send("GET / HTTP/1.1\r\n\r\n".repeat(2000));
      Loopback.await("some answers", () -> handled.get() > 10);
      int seen = -1;
      while (seen != handled.get()) {
        seen = handled.get();
        assertThat(new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS)).isFalse();
      }
      assertThat(seen).isLessThan(500);
      assertThat(loopback.buffered()).isLessThan(2 << 20);
    }
  }

  @Test
  void aPortInUseIsSaidSo() throws Exception {
    try (Loopback loopback = Loopback.serving(answering(Response.empty(204)))) {
      int port = loopback.server().port();
      assertThatThrownBy(
              () ->
                  HttpServer.start(
                      HttpServerConfig.on("127.0.0.1", port),
                      loopback.loops(),
                      answering(Response.empty(204))))
          .isInstanceOf(IOException.class)
          .hasMessage("port " + port + " on 127.0.0.1 is in use");
    }
  }

  private static CompletableFuture<Response> answered(Response response) {
    return CompletableFuture.completedFuture(response);
  }
}
