package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// How a server stops, and what it tells of itself.
class DrainIT {
  /// Longer than any test waits.
  private static final Duration LONG = Duration.ofMinutes(10);

  private static ServerTimeouts stopping(Duration grace, Duration drain) {
    return new ServerTimeouts(LONG, LONG, LONG, grace, drain);
  }

  private static boolean isRefused(int port) {
    try (RawClient client = new RawClient(port)) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void idleConnectionsAreClosedAtOnceAndRequestsInFlightAreAnswered() throws Exception {
    CompletableFuture<Response> answer = new CompletableFuture<>();
    try (Loopback loopback =
            Loopback.serving(
                request ->
                    request.request().target().equals("/slow")
                        ? answer
                        : CompletableFuture.completedFuture(Response.text(200, "ok")),
                config -> config.withTimeouts(Loopback.timeouts(Duration.ofSeconds(20))));
        RawClient idle = loopback.raw();
        RawClient busy = loopback.raw()) {
      idle.send("GET / HTTP/1.1\r\n\r\n");
      assertThat(idle.readHead()).startsWith("HTTP/1.1 200 ");
      assertThat(idle.readBytes(2)).isEqualTo("ok");
      busy.send("GET /slow HTTP/1.1\r\n\r\n");
      Loopback.await("the slow request", () -> loopback.server().activeRequests() == 1);
      Thread stopping = Thread.ofVirtual().start(loopback.server()::close);
      assertThat(idle.readToEnd()).isEmpty();
      int port = loopback.server().port();
      assertThatThrownBy(() -> new RawClient(port).close()).isInstanceOf(IOException.class);
      answer.complete(Response.text(200, "late"));
      assertThat(busy.readToEnd()).contains("Connection: close\r\n").endsWith("late");
      assertThat(stopping.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void openConnectionsAreServedOnceMoreDuringTheGraceAndNewOnesAreNotTaken() throws Exception {
    try (Loopback loopback =
            Loopback.serving(
                request -> CompletableFuture.completedFuture(Response.text(200, "ok")),
                config -> config.withTimeouts(stopping(LONG, Duration.ZERO)));
        RawClient open = loopback.raw()) {
      open.send("GET / HTTP/1.1\r\n\r\n");
      assertThat(open.readHead()).startsWith("HTTP/1.1 200 ").doesNotContain("Connection: close");
      assertThat(open.readBytes(2)).isEqualTo("ok");
      Thread stopping = Thread.ofVirtual().start(loopback.server()::close);
      Loopback.await("the port to be free", () -> isRefused(loopback.server().port()));
      open.send("GET / HTTP/1.1\r\n\r\n");
      assertThat(open.readToEnd())
          .startsWith("HTTP/1.1 200 ")
          .contains("Connection: close\r\n")
          .endsWith("ok");
      assertThat(stopping.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void aRequestThatComesWhileOthersFinishIsToldToComeBack() throws Exception {
    CompletableFuture<Response> answer = new CompletableFuture<>();
    try (Loopback loopback =
            Loopback.serving(
                request -> answer, config -> config.withTimeouts(stopping(Duration.ZERO, LONG)));
        RawClient idle = loopback.raw();
        RawClient late = loopback.raw();
        RawClient busy = loopback.raw()) {
      late.send("GET / HT");
      busy.send("GET /slow HTTP/1.1\r\n\r\n");
      Loopback.await("the slow request", () -> loopback.server().activeRequests() == 1);
      Loopback.await("all connections", () -> loopback.server().connections() == 3);
      Thread stopping = Thread.ofVirtual().start(loopback.server()::close);
      assertThat(idle.readToEnd()).isEmpty();
      late.send("TP/1.1\r\n\r\n");
      assertThat(late.readToEnd())
          .startsWith("HTTP/1.1 503 ")
          .contains("Retry-After: 1\r\n", "Connection: close\r\n");
      answer.complete(Response.text(200, "late"));
      assertThat(busy.readToEnd()).contains("Connection: close\r\n").endsWith("late");
      assertThat(stopping.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void whoIsInAHurryHasAllCutAtOnce() throws Exception {
    try (Loopback loopback =
            Loopback.serving(
                request -> new CompletableFuture<>(),
                config -> config.withTimeouts(stopping(LONG, LONG)));
        RawClient busy = loopback.raw()) {
      busy.send("GET / HTTP/1.1\r\n\r\n");
      Loopback.await("the request", () -> loopback.server().activeRequests() == 1);
      Thread stopping = Thread.ofVirtual().start(loopback.server()::close);
      Loopback.await("the port to be free", () -> isRefused(loopback.server().port()));
      loopback.server().hurry();
      assertThat(busy.readToEnd()).isEmpty();
      assertThat(stopping.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void aRequestThatTakesTooLongIsCutOff() throws Exception {
    EndlessBody body = new EndlessBody(-1);
    try (Loopback loopback =
            Loopback.serving(
                request ->
                    CompletableFuture.completedFuture(new Response(200, new Headers(), body)));
        RawClient busy = loopback.raw()) {
      busy.send("GET / HTTP/1.1\r\n\r\n");
      busy.readBytes(1000);
      loopback.server().close();
      assertThat(body.closed().await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(loopback.server().connections()).isZero();
      assertThat(loopback.server().activeRequests()).isZero();
    }
  }

  @Test
  void connectionsRequestsAndTheDateAreSeen() throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    CompletableFuture<Response> answer = new CompletableFuture<>();
    try (EventLoops loops = EventLoops.start(1);
        HttpServer server =
            HttpServer.start(
                HttpServerConfig.on("127.0.0.1", 0)
                    .withTimeouts(Loopback.timeouts(Duration.ofSeconds(20))),
                loops,
                request -> answer,
                ServerMeters.of(meters, "test", UrlForm.PUBLIC),
                () -> Instant.parse("2024-02-29T01:02:03Z"));
        RawClient raw = new RawClient(server.port())) {
      raw.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
      Loopback.await("the request", () -> server.activeRequests() == 1);
      assertThat(meters.get("martlet.http.requests.active").gauge().value()).isEqualTo(1);
      assertThat(meters.get("martlet.http.connections").gauge().value()).isEqualTo(1);
      answer.complete(Response.empty(204));
      assertThat(raw.readToEnd()).contains("Date: Thu, 29 Feb 2024 01:02:03 GMT\r\n");
      Loopback.await("the end", () -> server.connections() == 0);
      assertThat(meters.get("martlet.http.requests.active").gauge().value()).isZero();
      assertThat(meters.get("martlet.http.connections").gauge().value()).isZero();
    }
  }
}
