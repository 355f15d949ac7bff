package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What clients send that is wrong: refused with a short text, the connection closed, nothing shown
/// to a handler.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileInputIT {
  private static final int MOST_TRIES = 1000;
  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private final AtomicInteger handled = new AtomicInteger();
  private Loopback loopback;

  @BeforeAll
  void start() throws Exception {
    loopback =
        Loopback.serving(
            BlockingHandlers.on(
                THREADS,
                request -> {
                  handled.incrementAndGet();
                  byte[] body = new BlockingBody(request.request().body()).readAll(1 << 20);
                  return new Response(200, new Headers(), Body.of(body));
                }));
  }

  @AfterAll
  void stop() {
    loopback.close();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("no version", 400, "GET /\r\n\r\n"),
        Arguments.of("no target", 400, "GET HTTP/1.1\r\n\r\n"),
        Arguments.of("two spaces", 400, "GET  / HTTP/1.1\r\n\r\n"),
        Arguments.of("a space in the target", 400, "GET /a b HTTP/1.1\r\n\r\n"),
        Arguments.of("a tab in the target", 400, "GET /a\tb HTTP/1.1\r\n\r\n"),
        Arguments.of("a NUL in the target", 400, "GET /a\0b HTTP/1.1\r\n\r\n"),
        Arguments.of("no path", 400, "GET a HTTP/1.1\r\n\r\n"),
        Arguments.of("a method that is no token", 400, "G(T / HTTP/1.1\r\n\r\n"),
        Arguments.of("HTTP/2", 505, "GET / HTTP/2.0\r\n\r\n"),
        Arguments.of("HTTP/0.9", 505, "GET / HTTP/0.9\r\n\r\n"),
        Arguments.of("no version number", 400, "GET / HTTP/x\r\n\r\n"),
        Arguments.of("another protocol", 400, "GET / ICY/1.1\r\n\r\n"),
        Arguments.of("TLS", 400, "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\n"),
        Arguments.of("a bare LF after the request line", 400, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        Arguments.of("a bare LF after a header", 400, "GET / HTTP/1.1\r\nHost: a\n\r\n"),
        Arguments.of("a stray CR", 400, "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n"),
        Arguments.of("a folded header", 400, "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n"),
        Arguments.of("a blank before the colon", 400, "GET / HTTP/1.1\r\nA : b\r\n\r\n"),
        Arguments.of("a header without a colon", 400, "GET / HTTP/1.1\r\nA\r\n\r\n"),
        Arguments.of("a header without a name", 400, "GET / HTTP/1.1\r\n: b\r\n\r\n"),
        Arguments.of("a control character in a name", 400, "GET / HTTP/1.1\r\nA\1: b\r\n\r\n"),
        Arguments.of("a control character in a value", 400, "GET / HTTP/1.1\r\nA: \0\r\n\r\n"),
        Arguments.of("two hosts", 400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        Arguments.of("a long line", 414, "GET /" + "x".repeat(9000) + " HTTP/1.1\r\n\r\n"),
        Arguments.of("an endless line", 414, "G".repeat(9000)),
        Arguments.of("a long header", 400, head("A: " + "x".repeat(20_000))),
        Arguments.of("an endless header", 400, "GET / HTTP/1.1\r\nA: " + "x".repeat(20_000)),
        Arguments.of("large headers", 400, head(("A: " + "x".repeat(8000) + "\r\n").repeat(9))),
        Arguments.of("many headers", 400, head("A: b\r\n".repeat(300))),
        Arguments.of("many empty lines", 400, "\r\n".repeat(10) + "GET / HTTP/1.1\r\n\r\n"),
        Arguments.of("different lengths", 400, put("Content-Length: 5\r\nContent-Length: 6")),
        Arguments.of("a list of lengths", 400, put("Content-Length: 5, 5")),
        Arguments.of("a negative length", 400, put("Content-Length: -5")),
        Arguments.of("a signed length", 400, put("Content-Length: +5")),
        Arguments.of("a length that is no number", 400, put("Content-Length: 5x")),
        Arguments.of("an empty length", 400, put("Content-Length:")),
        Arguments.of("a length over 63 bits", 400, put("Content-Length: 9223372036854775808")),
        Arguments.of("gzip", 501, put("Transfer-Encoding: gzip")),
        Arguments.of("gzip, chunked", 501, put("Transfer-Encoding: gzip, chunked")),
        Arguments.of("identity", 501, put("Transfer-Encoding: identity")),
        Arguments.of("chunked twice", 400, put(twice("Transfer-Encoding: chunked"))),
        Arguments.of("chunked, misspelt", 501, put("Transfer-Encoding: xchunked")),
        Arguments.of(
            "chunked in HTTP/1.0",
            400,
            "PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Arguments.of("an unknown expectation", 417, head("Expect: 200-ok")));
  }

  private static String head(String fields) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + fields.strip() + "\r\n\r\n";
  }

  private static String put(String fields) {
    return "PUT / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\nhello";
  }

  private static String twice(String line) {
    return line + "\r\n" + line;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void isRefusedAndTheConnectionClosed(String what, int status, String bytes) throws Exception {
    int before = handled.get();
    try (RawClient raw = loopback.raw()) {
      String answer = raw.sendWhatIsTaken(latin(bytes)).readToEnd();
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
      assertThat(answer).contains("Connection: close\r\n").contains("text/plain");
      assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4)).hasSizeBetween(10, 100);
    }
    assertThat(handled.get()).isEqualTo(before);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void isRefusedJustSoWhenItComesByteByByte(String what, int status, String bytes)
      throws Exception {
    try (RawClient raw = loopback.raw()) {
      byte[] all = latin(bytes);
      int head = Math.min(all.length, 150);
      for (int i = 0; i < head; i++) {
        raw.sendWhatIsTaken(new byte[] {all[i]});
      }
      raw.sendWhatIsTaken(Arrays.copyOfRange(all, head, all.length));
      assertThat(raw.readToEnd()).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void chunkedCountsBesideALengthAndTheConnectionIsClosed() throws Exception {
    try (RawClient raw = loopback.raw()) {
      raw.send(
          "PUT / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "5\r\nhello\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n");
      String answer = raw.readToEnd();
      assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nhello");
      assertThat(answer).contains("Connection: close\r\n");
    }
  }

  @Test
  void theSameLengthTwiceIsTaken() throws Exception {
    try (RawClient raw = loopback.raw()) {
      raw.send(put("Content-Length: 5\r\nContent-Length: 5\r\nConnection: close"));
      assertThat(raw.readToEnd()).startsWith("HTTP/1.1 200 ").endsWith("hello");
    }
  }

  @Test
  void absoluteTargetsAndEmptyLinesBeforeARequestAreTaken() throws Exception {
    AtomicReference<String> target = new AtomicReference<>();
    try (Loopback own =
            Loopback.serving(
                request -> {
                  target.set(request.request().target());
                  return CompletableFuture.completedFuture(Response.empty(204));
                });
        RawClient raw = own.raw()) {
      raw.send("\r\nGET http://host:80/a/b?c HTTP/1.1\r\nHost: host\r\n\r\n");
      assertThat(raw.readHead()).startsWith("HTTP/1.1 204 ");
      assertThat(target.get()).isEqualTo("/a/b?c");
      raw.send("GET http://host?c HTTP/1.1\r\n\r\n");
      assertThat(raw.readHead()).startsWith("HTTP/1.1 204 ");
      assertThat(target.get()).isEqualTo("/?c");
      raw.send("OPTIONS * HTTP/1.1\r\n\r\n");
      assertThat(raw.readHead()).startsWith("HTTP/1.1 204 ");
      assertThat(target.get()).isEqualTo("*");
    }
  }

  @Test
  void headerBytesReachTheHandlerAsTheyWere() throws Exception {
    AtomicReference<String> value = new AtomicReference<>();
    try (Loopback own =
            Loopback.serving(
                request -> {
                  value.set(request.request().headers().get("X-Object-Meta-\u00c3\u00bc"));
                  return CompletableFuture.completedFuture(Response.empty(204));
                });
        RawClient raw = own.raw()) {
      raw.send("GET / HTTP/1.1\r\nX-Object-Meta-\u00c3\u00bc: \t a\tb \u00ff \r\n\r\n");
      assertThat(raw.readHead()).startsWith("HTTP/1.1 204 ");
      assertThat(value.get()).isEqualTo("a\tb \u00ff");
    }
  }

  @Test
  void aHeadThatComesTooSlowlyIsRefused() throws Exception {
    Duration slow = Duration.ofMillis(100);
    Duration patient = Duration.ofSeconds(20);
    try (Loopback own =
            Loopback.serving(
                request -> CompletableFuture.completedFuture(Response.empty(204)),
                config ->
                    config.withTimeouts(
                        new ServerTimeouts(
                            slow, patient, patient, Duration.ZERO, Duration.ofMillis(500))));
        RawClient raw = own.raw()) {
      raw.send("GET / HTTP/1.1\r\nHost:");
      assertThat(raw.readToEnd()).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void manyLargeHalfSentHeadsAreRefusedPastTheBudgetAndSmallOnesAreServed() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    String most = "GET / HTTP/1.1\r\n" + ("A: " + "x".repeat(8000) + "\r\n").repeat(7);
    long each = most.length();
    try (Loopback own =
        Loopback.serving(request -> CompletableFuture.completedFuture(Response.empty(204)))) {
      try {
        for (int i = 0; i < Loopback.HEAD_BYTES / each - 1; i++) {
          clients.add(own.raw().send(most));
        }
        Loopback.await("most of the budget", () -> own.loops().heads().free() < 3 * each);
        // What was sent is counted when the server comes to read it: there is room until then.
        boolean refused = false;
        for (int i = 0; i < MOST_TRIES && !refused; i++) {
          RawClient next = own.raw().sendWhatIsTaken(latin(most + "Connection: close\r\n\r\n"));
          clients.add(next);
          refused = next.readToEnd().startsWith("HTTP/1.1 503 ");
          if (i < 5) {
            clients.add(own.raw().send(most));
          }
        }
        assertThat(refused).isTrue();
        try (RawClient small = own.raw()) {
          small.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
          assertThat(small.readToEnd()).startsWith("HTTP/1.1 204 ");
        }
      } finally {
        for (RawClient client : clients) {
          client.close();
        }
      }
      Loopback.await("all given back", () -> own.loops().heads().free() == Loopback.HEAD_BYTES);
    }
  }

  @Test
  void halfSentTrailersCountToo() throws Exception {
    try (Loopback own =
            Loopback.serving(
                BlockingHandlers.on(
                    THREADS,
                    request -> {
                      new BlockingBody(request.request().body()).readAll(100);
                      return Response.empty(204);
                    }));
        RawClient raw = own.raw()) {
      raw.send("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
      raw.send(("A: " + "x".repeat(8000) + "\r\n").repeat(4));
      Loopback.await(
          "trailers are held", () -> own.loops().heads().free() < Loopback.HEAD_BYTES - 20_000);
      raw.send("\r\n");
      assertThat(raw.readHead()).startsWith("HTTP/1.1 204 ");
      Loopback.await("all given back", () -> own.loops().heads().free() == Loopback.HEAD_BYTES);
    }
  }

  @Test
  void aConnectionWithoutARequestIsClosedAfterItsTime() throws Exception {
    try (Loopback own =
            Loopback.serving(
                request -> CompletableFuture.completedFuture(Response.empty(204)),
                config -> config.withTimeouts(Loopback.timeouts(Duration.ofMillis(100))));
        RawClient raw = own.raw()) {
      assertThat(raw.readToEnd()).isEmpty();
    }
  }

  @Test
  void connectionsPastTheLimitAreTurnedAway() throws Exception {
    try (Loopback own =
            Loopback.serving(
                request -> CompletableFuture.completedFuture(Response.empty(204)),
                config -> config.withMaxConnections(2));
        RawClient first = own.raw();
        RawClient second = own.raw()) {
      Loopback.await("two connections", () -> own.server().connections() == 2);
      try (RawClient third = own.raw()) {
        assertThat(third.readToEnd()).startsWith("HTTP/1.1 503 ");
      }
      first.close();
      Loopback.await("one connection", () -> own.server().connections() == 1);
      try (RawClient fourth = own.raw()) {
        fourth.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
        assertThat(fourth.readToEnd()).startsWith("HTTP/1.1 204 ");
      }
      second.send("GET / HTTP/1.1\r\n\r\n");
      assertThat(second.readHead()).startsWith("HTTP/1.1 204 ");
    }
  }
}
