package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How request bodies reach handlers, whole, cut short, late or not at all.
class RequestBodyIT {
  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

  /// Answers with the length of the body, or with the kind of fault.
  private static final HttpHandler MEASURE =
      BlockingHandlers.on(
          THREADS,
          request -> {
            try {
              byte[] body = new BlockingBody(request.request().body()).readAll(1 << 26);
              return Response.text(200, body.length + " bytes");
            } catch (HttpFault e) {
              return Response.text(e.kind() == HttpFault.Kind.TIMEOUT ? 408 : 400, "" + e.kind());
            }
          });

  @Test
  void aBodyThatEndsEarlyFailsAsClosedAndTheAnswerStillArrives() throws Exception {
    try (Loopback loopback = Loopback.serving(MEASURE);
        RawClient raw = loopback.raw()) {
      raw.send("PUT / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhello").shutdownOutput();
      assertThat(raw.readToEnd()).startsWith("HTTP/1.1 400 ").endsWith("CLOSED");
    }
  }

  @Test
  void aChunkedBodyWithoutItsEndFailsAsClosed() throws Exception {
    try (Loopback loopback = Loopback.serving(MEASURE);
        RawClient raw = loopback.raw()) {
      raw.send("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
      raw.shutdownOutput();
      assertThat(raw.readToEnd()).startsWith("HTTP/1.1 400 ").endsWith("CLOSED");
    }
  }

  @Test
  void aBodyThatStallsFailsAsTimeout() throws Exception {
    try (Loopback loopback =
            Loopback.serving(
                MEASURE, config -> config.withTimeouts(Loopback.timeouts(Duration.ofMillis(150))));
        RawClient raw = loopback.raw()) {
      raw.send("PUT / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhello");
      assertThat(raw.readToEnd()).startsWith("HTTP/1.1 408 ").endsWith("TIMEOUT");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\r\n", "5\r\nhelloX", "5\r\nhello\r\n5;\nhello\r\n", "5\r\nhello\n"})
  void badChunksFailAsProtocol(String body) throws Exception {
    try (Loopback loopback = Loopback.serving(MEASURE);
        RawClient raw = loopback.raw()) {
      raw.send("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "0\r\n\r\n");
      String answer = raw.readToEnd();
      assertThat(answer).startsWith("HTTP/1.1 400 ").endsWith("PROTOCOL");
      assertThat(answer).contains("Connection: close\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource({"408, 5, false", "499, 5, true", "400, x, false"})
  void whatAHandlerLetsPassIsAnsweredForIt(int status, String bytes, boolean ends)
      throws Exception {
    HttpHandler careless =
        BlockingHandlers.on(
            THREADS,
            request -> Response.text(200, "" + new BlockingBody(request.request().body()).read()));
    try (Loopback loopback =
            Loopback.serving(
                careless,
                config -> config.withTimeouts(Loopback.timeouts(Duration.ofMillis(300))));
        RawClient raw = loopback.raw()) {
      raw.send("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + bytes + "\r\n");
      if (ends) {
        raw.shutdownOutput();
      }
      assertThat(raw.readToEnd())
          .startsWith("HTTP/1.1 " + status + " ")
          .contains("The body of the request");
    }
  }

  @Test
  void aLengthPast32BitsIsTaken() throws Exception {
    CompletableFuture<Long> length = new CompletableFuture<>();
    try (Loopback loopback =
            Loopback.serving(
                request -> {
                  length.complete(request.declaredLength());
                  return CompletableFuture.completedFuture(Response.text(413, "no"));
                });
        RawClient raw = loopback.raw()) {
      raw.send("PUT / HTTP/1.1\r\nContent-Length: 99999999999999999\r\n\r\nhello");
      assertThat(raw.readToEnd()).startsWith("HTTP/1.1 413 ").contains("Connection: close");
      assertThat(Loopback.get(length)).isEqualTo(99999999999999999L);
    }
  }

  @Test
  void aSmallUnreadBodyIsSkippedAndTheConnectionKept() throws Exception {
    try (Loopback loopback =
            Loopback.serving(
                request -> CompletableFuture.completedFuture(Response.text(200, "no thanks")));
        RawClient raw = loopback.raw()) {
      String body = "x".repeat(50_000);
      for (int i = 0; i < 3; i++) {
        raw.send("PUT / HTTP/1.1\r\nContent-Length: 50000\r\n\r\n" + body);
        assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ").doesNotContain("close");
        assertThat(raw.readBytes(9)).isEqualTo("no thanks");
      }
      raw.send("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
      assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ");
      assertThat(raw.readBytes(9)).isEqualTo("no thanks");
      raw.send("PUT / HTTP/1.1\r\nContent-Length: 70000\r\n\r\n");
      assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ").contains("Connection: close");
    }
  }

  @Test
  void anEndlessUnreadChunkedBodyEndsTheConnectionAfterTheAnswer() throws Exception {
    try (Loopback loopback =
            Loopback.serving(
                request -> CompletableFuture.completedFuture(Response.text(507, "full")));
        RawClient raw = loopback.raw()) {
      String chunk = "8000\r\n" + "x".repeat(32768) + "\r\n";
      raw.send("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 8; i++) {
        raw.sendWhatIsTaken(chunk.getBytes(StandardCharsets.US_ASCII));
      }
      assertThat(raw.readToEnd()).startsWith("HTTP/1.1 507 ").endsWith("full");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    try (Loopback loopback = Loopback.serving(MEASURE);
        RawClient raw = loopback.raw()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        all.append("PUT / HTTP/1.1\r\nContent-Length: ").append(i).append("\r\n\r\n");
        all.append("x".repeat(i));
      }
      raw.send(all.toString());
      for (int i = 0; i < 200; i++) {
        String expected = i + " bytes";
        assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ");
        assertThat(raw.readBytes(expected.length())).isEqualTo(expected);
      }
    }
  }

  @Test
  void trailersReachTheHandler() throws Exception {
    AtomicReference<String> etag = new AtomicReference<>();
    HttpHandler handler =
        BlockingHandlers.on(
            THREADS,
            request -> {
              BlockingBody body = new BlockingBody(request.request().body());
              assertThat(body.trailers().isEmpty()).isTrue();
              int length = body.readAll(100).length;
              etag.set(body.trailers().get("x-backend-etag"));
              return Response.text(200, length + " bytes");
            });
    try (Loopback loopback = Loopback.serving(handler);
        RawClient raw = loopback.raw()) {
      raw.send("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
      raw.send("0\r\nX-Backend-Etag: abc\r\n\r\n");
      assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ");
      assertThat(etag.get()).isEqualTo("abc");
    }
  }

  @Test
  void nothingIsReadBeforeTheHandlerPulls() throws Exception {
    CountDownLatch pull = new CountDownLatch(1);
    HttpHandler handler =
        BlockingHandlers.on(
            THREADS,
            request -> {
              pull.await();
              return Response.text(
                  200, new BlockingBody(request.request().body()).readAll(1 << 26).length + "");
            });
    byte[] body = new byte[24 << 20];
    try (Loopback loopback = Loopback.serving(handler);
        RawClient raw = loopback.raw()) {
      raw.send("PUT / HTTP/1.1\r\nContent-Length: " + body.length + "\r\n\r\n");
      Thread sender = Thread.ofVirtual().start(() -> raw.sendWhatIsTaken(body));
      Loopback.await("the request", () -> loopback.server().activeRequests() == 1);
      assertThat(sender.join(Duration.ofMillis(300))).as("the sender is held back").isFalse();
      assertThat(loopback.buffered()).isLessThan(512 * 1024);
      pull.countDown();
      assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ");
      assertThat(raw.readBytes(8)).isEqualTo("" + body.length);
    }
  }

  @Test
  void aHandlerThatReadsSlowlyHoldsTheClientBackWithinALittleMemory() throws Exception {
    LinkedBlockingQueue<CompletableFuture<Chunk>> pulled = new LinkedBlockingQueue<>();
    CompletableFuture<Response> answer = new CompletableFuture<>();
    AtomicReference<Body> body = new AtomicReference<>();
    HttpHandler handler =
        request -> {
          body.set(request.request().body());
          pulled.add(body.get().next());
          return answer;
        };
    byte[] bytes = new byte[6 << 20];
    try (Loopback loopback = Loopback.serving(handler);
        RawClient raw = loopback.raw()) {
      raw.send("PUT / HTTP/1.1\r\nContent-Length: " + bytes.length + "\r\n\r\n");
      Thread sender = Thread.ofVirtual().start(() -> raw.sendWhatIsTaken(bytes));
      long got = 0;
      long most = 0;
      while (got < bytes.length) {
        Chunk chunk = Loopback.get(pulled.poll(20, TimeUnit.SECONDS));
        got += chunk.size();
        chunk.release();
        most = Math.max(most, loopback.buffered());
        pulled.add(body.get().next());
      }
      assertThat(Loopback.get(pulled.remove())).isSameAs(Chunk.END);
      assertThat(most).isLessThan(512 * 1024);
      answer.complete(Response.empty(201));
      assertThat(raw.readHead()).startsWith("HTTP/1.1 201 ");
      sender.join();
    }
  }
}
