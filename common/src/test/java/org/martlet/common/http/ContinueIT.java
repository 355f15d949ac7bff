package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// `Expect: 100-continue`, both ends.
class ContinueIT {
  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();
  private static final String EXPECTING =
      "PUT / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n";

  private static final HttpHandler MEASURE =
      BlockingHandlers.on(
          THREADS,
          request -> {
            int length = new BlockingBody(request.request().body()).readAll(1 << 26).length;
            return Response.text(200, length + " bytes");
          });

  private static HttpHandler refusing(int status) {
    return request -> CompletableFuture.completedFuture(Response.text(status, "no"));
  }

  private static Request upload(Body body) {
    return new Request("PUT", "/a", new Headers(), body);
  }

  @Test
  void theFirstPullSends100() throws Exception {
    try (Loopback loopback = Loopback.serving(MEASURE);
        RawClient raw = loopback.raw()) {
      for (int i = 0; i < 2; i++) {
        raw.send(EXPECTING);
        assertThat(raw.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        raw.send("hello");
        assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ").doesNotContain("close");
        assertThat(raw.readBytes(7)).isEqualTo("5 bytes");
      }
    }
  }

  @Test
  void aClientThatDoesNotWaitIsServedToo() throws Exception {
    try (Loopback loopback = Loopback.serving(MEASURE);
        RawClient raw = loopback.raw()) {
      raw.send(EXPECTING + "hello");
      assertThat(raw.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ");
      assertThat(raw.readBytes(7)).isEqualTo("5 bytes");
    }
  }

  @Test
  void anAnswerBeforeThePullHasNo100AndClosesTheConnection() throws Exception {
    try (Loopback loopback = Loopback.serving(refusing(507));
        RawClient raw = loopback.raw()) {
      assertThat(raw.send(EXPECTING).readToEnd())
          .startsWith("HTTP/1.1 507 ")
          .contains("Connection: close\r\n");
    }
  }

  @Test
  void http10IsNeverSent100() throws Exception {
    try (Loopback loopback = Loopback.serving(MEASURE);
        RawClient raw = loopback.raw()) {
      raw.send(EXPECTING.replace("HTTP/1.1", "HTTP/1.0") + "hello");
      assertThat(raw.readToEnd()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void aBodyOfNoBytesNeedsNo100() throws Exception {
    try (Loopback loopback = Loopback.serving(MEASURE);
        RawClient raw = loopback.raw()) {
      raw.send("PUT / HTTP/1.1\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n");
      assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void the100CarriesTheHandlersHeadersToTheClient() throws Exception {
    HttpHandler handler =
        BlockingHandlers.on(
            THREADS,
            request -> {
              assertThat(request.expectsContinue()).isTrue();
              request.sendContinue(Headers.of("X-Obj-Metadata-Footer", "yes"));
              byte[] body = new BlockingBody(request.request().body()).readAll(100);
              return new Response(201, new Headers(), Body.of(body));
            });
    try (Loopback loopback = Loopback.serving(handler)) {
      HttpClient.Upload upload =
          loopback
              .client()
              .open(loopback.endpoint(), upload(Body.of("hello".getBytes())), Loopback.PATIENT);
      assertThat(Loopback.get(upload.consent())).isTrue();
      assertThat(upload.continueHeaders().get("X-Obj-Metadata-Footer")).isEqualTo("yes");
      assertThat(upload.response()).isNotDone();
      upload.proceed();
      Response response = Loopback.get(upload.response());
      assertThat(response.status()).isEqualTo(201);
      assertThat(Loopback.read(response.body())).isEqualTo("hello".getBytes());
      Loopback.await("reuse", () -> loopback.client().connections() == 1);
    }
  }

  @Test
  void aLargeChunkedUploadFollowsConsent() throws Exception {
    try (Loopback loopback = Loopback.serving(MEASURE)) {
      Body endless = new EndlessBody(10_000_000);
      Body body = Bodies.pulling(-1, endless::next, endless::close);
      HttpClient.Upload upload =
          loopback.client().open(loopback.endpoint(), upload(body), Loopback.PATIENT);
      assertThat(Loopback.get(upload.consent())).isTrue();
      upload.proceed();
      Response response = Loopback.get(upload.response());
      assertThat(new String(Loopback.read(response.body()))).isEqualTo("10000000 bytes");
    }
  }

  @Test
  void aFinalAnswerInsteadOf100IsDeliveredAndTheBodyClosedUnread() throws Exception {
    EndlessBody body = new EndlessBody(1 << 30);
    try (Loopback loopback = Loopback.serving(refusing(409))) {
      HttpClient.Upload upload =
          loopback.client().open(loopback.endpoint(), upload(body), Loopback.PATIENT);
      assertThat(Loopback.get(upload.consent())).isFalse();
      Response response = upload.response().getNow(null);
      assertThat(response.status()).isEqualTo(409);
      assertThat(new String(Loopback.read(response.body()))).isEqualTo("no");
      assertThat(body.closed().await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(body.pulled()).isZero();
      Loopback.await("the connection's end", () -> loopback.client().connections() == 0);
    }
  }

  @Test
  void a100ThatNeverComesIsATimeout() throws Exception {
    EndlessBody body = new EndlessBody(1 << 30);
    Timeouts short_ =
        new Timeouts(Duration.ofSeconds(5), Duration.ofMillis(100), Duration.ofSeconds(5));
    try (Loopback loopback = Loopback.serving(request -> new CompletableFuture<>())) {
      HttpClient.Upload upload = loopback.client().open(loopback.endpoint(), upload(body), short_);
      assertThat(Loopback.faultOf(upload.consent()).kind()).isEqualTo(HttpFault.Kind.TIMEOUT);
      assertThat(Loopback.faultOf(upload.response()).kind()).isEqualTo(HttpFault.Kind.TIMEOUT);
      assertThat(body.closed().await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anAnswerInTheMiddleOfTheBodyIsDeliveredAndEndsTheSending() throws Exception {
    EndlessBody body = new EndlessBody(1L << 40);
    HttpHandler handler =
        BlockingHandlers.on(
            THREADS,
            request -> {
              new BlockingBody(request.request().body()).read().release();
              return Response.text(507, "full");
            });
    try (Loopback loopback = Loopback.serving(handler)) {
      HttpClient.Upload upload =
          loopback.client().open(loopback.endpoint(), upload(body), Loopback.PATIENT);
      assertThat(Loopback.get(upload.consent())).isTrue();
      upload.proceed();
      Response response = Loopback.get(upload.response());
      assertThat(response.status()).isEqualTo(507);
      assertThat(new String(Loopback.read(response.body()))).isEqualTo("full");
      assertThat(body.closed().await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anUploadGivenUpAfterConsentReachesTheHandlerAsClosed() throws Exception {
    CompletableFuture<HttpFault> seen = new CompletableFuture<>();
    HttpHandler handler =
        BlockingHandlers.on(
            THREADS,
            request -> {
              try {
                Loopback.skip(new BlockingBody(request.request().body()));
                throw new AssertionError("the body has no end");
              } catch (HttpFault e) {
                seen.complete(e);
              }
              return Response.empty(499);
            });
    EndlessBody body = new EndlessBody(1L << 40);
    try (Loopback loopback = Loopback.serving(handler)) {
      HttpClient.Upload upload =
          loopback.client().open(loopback.endpoint(), upload(body), Loopback.PATIENT);
      assertThat(Loopback.get(upload.consent())).isTrue();
      upload.abort();
      assertThat(Loopback.faultOf(upload.response()).kind()).isEqualTo(HttpFault.Kind.ABORTED);
      assertThat(Loopback.get(seen).kind()).isEqualTo(HttpFault.Kind.CLOSED);
      assertThat(body.closed().await(20, TimeUnit.SECONDS)).isTrue();
      upload.proceed();
      assertThat(body.pulled()).isZero();
    }
  }

  @Test
  void aPullAfterTheAnswerFails() throws Exception {
    CompletableFuture<Body> body = new CompletableFuture<>();
    HttpHandler handler =
        request -> {
          body.complete(request.request().body());
          return CompletableFuture.completedFuture(Response.text(200, "early"));
        };
    try (Loopback loopback = Loopback.serving(handler);
        RawClient raw = loopback.raw()) {
      assertThat(raw.send(EXPECTING).readToEnd()).startsWith("HTTP/1.1 200 ");
      HttpFault fault = Loopback.faultOf(Loopback.get(body).next());
      assertThat(fault.kind()).isIn(HttpFault.Kind.ABORTED, HttpFault.Kind.CLOSED);
    }
  }

  @Test
  void otherInterimAnswersAreSkipped() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.running(
                (peer, number) -> {
                  peer.readHead();
                  peer.send("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n");
                  peer.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n");
                  peer.send("Content-Length: 2\r\n\r\nok");
                });
        Loopback loopback = Loopback.serving(MEASURE)) {
      Response response =
          Loopback.get(
              loopback
                  .client()
                  .send(
                      server.endpoint(),
                      Request.withoutBody("GET", "/", new Headers()),
                      Loopback.PATIENT)
                  .response());
      assertThat(new String(Loopback.read(response.body()))).isEqualTo("ok");
    }
  }
}
