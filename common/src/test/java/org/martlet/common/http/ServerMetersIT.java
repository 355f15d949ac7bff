package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.search.Search;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerMetersIT {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private EventLoops loops;
  private HttpServer server;
  private HttpHandler handler = request -> answer(Response.empty(204));

  private static CompletableFuture<Response> answer(Response response) {
    return CompletableFuture.completedFuture(response);
  }

  @BeforeEach
  void start() throws Exception {
    loops = EventLoops.start(1);
    server =
        HttpServer.start(
            HttpServerConfig.on("127.0.0.1", 0).withMaxConnections(2),
            loops,
            request -> handler.handle(request),
            ServerMeters.of(meters, "test", UrlForm.PUBLIC),
            InstantSource.system());
  }

  @AfterEach
  void stop() {
    server.close();
    loops.close();
  }

  private String ask(String request) throws Exception {
    try (RawClient raw = new RawClient(server.port())) {
      raw.send(request);
      return raw.readToEnd();
    }
  }

  private Search named(String name) {
    return meters.find("martlet.http." + name);
  }

  private double requests(String verb, String resource, String code) {
    return named("requests")
        .tags("verb", verb, "resource", resource, "code", code)
        .counters()
        .stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private double count(String name) {
    return named(name).counters().stream().mapToDouble(counter -> counter.count()).sum();
  }

  @Test
  void countsByVerbResourcePolicyAndCode() throws Exception {
    handler =
        request -> {
          request.concerns(2);
          return answer(Response.text(200, "hello"));
        };

    ask("GET /v1/a/c/o HTTP/1.1\r\nConnection: close\r\n\r\n");

    Search found =
        named("requests")
            .tags("server", "test", "verb", "GET", "resource", "object")
            .tags("policy", "2", "code", "200");
    assertThat(found.counter()).isNotNull();
    assertThat(found.counter().count()).isEqualTo(1);
    assertThat(count("sent")).isEqualTo(5);
    assertThat(count("received")).isZero();
    assertThat(named("first.byte").timer()).extracting(Timer::count).isEqualTo(1L);
    assertThat(named("request.duration").tag("status", "2xx").timer())
        .extracting(Timer::count)
        .isEqualTo(1L);
  }

  @Test
  void countsTheBytesOfBodiesBothWays() throws Exception {
    handler =
        request ->
            Bodies.readAll(request.request().body(), 1000)
                .thenApply(bytes -> Response.text(201, "x".repeat(bytes.length * 2)));

    ask("PUT /v1/a/c/o HTTP/1.1\r\nConnection: close\r\nContent-Length: 7\r\n\r\n1234567");
    ask(
        "PUT /v1/a/c/o HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n");

    assertThat(count("received")).isEqualTo(11);
    assertThat(count("sent")).isEqualTo(22);
    assertThat(count("cut")).isZero();
  }

  @Test
  void aHeadHasNoBytes() throws Exception {
    handler = request -> answer(Response.text(200, "hello"));

    ask("HEAD /v1/a HTTP/1.1\r\nConnection: close\r\n\r\n");

    assertThat(requests("HEAD", "account", "200")).isEqualTo(1);
    assertThat(count("sent")).isZero();
  }

  @Test
  void verbsAndPathsOfTheClientsMakeNoSeries() throws Exception {
    for (int i = 0; i < 20; i++) {
      ask("VERB" + i + " /v1/account" + i + "/c HTTP/1.1\r\nConnection: close\r\n\r\n");
    }

    assertThat(requests("OTHER", "container", "204")).isEqualTo(20);
    assertThat(named("requests").counters()).hasSize(1);
  }

  @Test
  void policiesOfHighNumbersAreOneSeries() throws Exception {
    handler =
        request -> {
          request.concerns(Integer.parseInt(request.request().target().substring(1)));
          return answer(Response.empty(204));
        };

    for (int policy : new int[] {31, 32, 4000, 65_535}) {
      ask("GET /" + policy + " HTTP/1.1\r\nConnection: close\r\n\r\n");
    }

    assertThat(named("requests").tag("policy", "31").counter().count()).isEqualTo(1);
    assertThat(named("requests").tag("policy", "other").counter().count()).isEqualTo(3);
  }

  @Test
  void aClientThatGoesAwayBeforeTheAnswerCountsAs499() throws Exception {
    CompletableFuture<Response> later = new CompletableFuture<>();
    handler = request -> later;
    try (RawClient raw = new RawClient(server.port())) {
      raw.send("GET /v1/a/c/o HTTP/1.1\r\n\r\n");
      Loopback.await("the request", () -> server.activeRequests() == 1);
      raw.socket().setSoLinger(true, 0);
    }
    Loopback.await("the end", () -> server.connections() == 0);
    later.complete(Response.text(200, "too late"));
    Loopback.await("the answer", () -> server.activeRequests() == 0);

    assertThat(requests("GET", "object", "499")).isEqualTo(1);
    assertThat(requests("GET", "object", "200")).isZero();
    assertThat(count("cut")).isZero();
  }

  @Test
  void anAnswerThatTheClientDoesNotTakeWholeIsCut() throws Exception {
    EndlessBody endless = new EndlessBody(-1);
    handler = request -> answer(new Response(200, new Headers(), endless));
    try (RawClient raw = new RawClient(server.port())) {
      raw.send("GET /v1/a/c/o HTTP/1.1\r\n\r\n");
      raw.readBytes(1000);
    }
    Loopback.await("the end", () -> server.connections() == 0);

    assertThat(requests("GET", "object", "200")).isEqualTo(1);
    assertThat(count("cut")).isEqualTo(1);
    assertThat(count("sent")).isGreaterThanOrEqualTo(1000);
  }

  @Test
  void anAnswerWhoseBodyFailsAtOnceCountsAs500AndAfterwardsAsCut() throws Exception {
    CompletableFuture<Chunk> failed = CompletableFuture.failedFuture(new IllegalStateException());
    handler =
        request ->
            answer(new Response(200, new Headers(), Bodies.pulling(9, () -> failed, () -> {})));
    assertThat(ask("GET /v1/a/c/o HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 500 ");
    assertThat(requests("GET", "object", "500")).isEqualTo(1);
    assertThat(count("cut")).isZero();
    assertThat(count("refused")).isZero();
  }

  @Test
  void aRequestWhoseBodyIsCutShortCountsOnce() throws Exception {
    handler =
        request ->
            Bodies.readAll(request.request().body(), 1000).thenApply(bytes -> Response.empty(201));
    try (RawClient raw = new RawClient(server.port())) {
      raw.send("PUT /v1/a/c/o HTTP/1.1\r\nContent-Length: 10\r\n\r\n123");
      Loopback.await("the request", () -> server.activeRequests() == 1);
    }
    Loopback.await("the end", () -> server.connections() == 0);
    Loopback.await("the answer", () -> server.activeRequests() == 0);

    assertThat(requests("PUT", "object", "499")).isEqualTo(1);
    assertThat(count("requests")).isEqualTo(1);
    assertThat(count("received")).isEqualTo(3);
  }

  @Test
  void whatIsNoRequestAndOneConnectionTooManyAreCountedApart() throws Exception {
    ask("nonsense\r\n\r\n");
    try (RawClient first = new RawClient(server.port());
        RawClient second = new RawClient(server.port())) {
      Loopback.await("both", () -> server.connections() == 2);
      assertThat(ask("")).startsWith("HTTP/1.1 503 ");
    }

    assertThat(named("refused").tag("code", "400").counter().count()).isEqualTo(1);
    assertThat(named("refused").tag("code", "503").counter().count()).isEqualTo(1);
    assertThat(named("connections.max").gauge().value()).isEqualTo(2);
    assertThat(count("requests")).isZero();
  }

  @Test
  void everyMeterHasADescription() throws Exception {
    ask("GET /v1/a HTTP/1.1\r\nConnection: close\r\n\r\n");
    ask("nonsense\r\n\r\n");

    assertThat(((MeterRegistry) meters).getMeters())
        .filteredOn(meter -> meter.getId().getTag("le") == null)
        .isNotEmpty()
        .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotEmpty());
  }
}
