package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// How the client keeps, reuses, replaces and gives up connections.
class ClientPoolIT {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final HttpHandler FINE =
      request -> CompletableFuture.completedFuture(Response.text(200, "ok"));

  private static Request get() {
    return Request.withoutBody("GET", "/", new Headers());
  }

  private static Request put(byte[] body) {
    return new Request("PUT", "/", new Headers(), Body.of(body));
  }

  private static Timeouts patience(long connect, long response, long idle) {
    return new Timeouts(
        Duration.ofMillis(connect), Duration.ofMillis(response), Duration.ofMillis(idle));
  }

  private static String text(Response response) throws Exception {
    return new String(Loopback.read(response.body()));
  }

  private static HttpFault.Kind faultKind(HttpClient.Call call) throws Exception {
    return Loopback.faultOf(call.response()).kind();
  }

  private static Loopback limited(HttpHandler handler, int connections, int waiting)
      throws Exception {
    return Loopback.serving(
        handler,
        UnaryOperator.identity(),
        HttpClientConfig.DEFAULT.withConnections(connections, connections, waiting));
  }

  @Test
  void aConnectionIsFreeAgainAsSoonAsItsAnswerHasCome() throws Exception {
    try (Loopback loopback = Loopback.serving(FINE)) {
      Response first = loopback.exchange(get());
      Response second = loopback.exchange(get());
      assertThat(loopback.client().connections()).isEqualTo(1);
      assertThat(text(second)).isEqualTo("ok");
      assertThat(text(first)).isEqualTo("ok");
    }
  }

  @Test
  void anAnswerNotReadToItsEndCostsTheConnection() throws Exception {
    HttpHandler large =
        request ->
            CompletableFuture.completedFuture(
                new Response(200, new Headers(), new EndlessBody(1L << 40)));
    try (Loopback loopback = Loopback.serving(large)) {
      Response response = loopback.exchange(get());
      Loopback.get(response.body().next()).release();
      response.body().close();
      Loopback.await("the connection's end", () -> loopback.client().connections() == 0);
      assertThat(Loopback.faultOf(response.body().next()).kind()).isEqualTo(HttpFault.Kind.ABORTED);
    }
  }

  @Test
  void aClosedIdleConnectionIsReplacedAndTheRequestRepeatedOnce() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.running(
                (peer, number) -> {
                  peer.readHead();
                  peer.send(number == 1 ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" : OK);
                  if (number == 1) {
                    // The next request is read and thrown away with the connection.
                    peer.readHead();
                    peer.reset();
                  }
                });
        Loopback loopback = Loopback.serving(FINE)) {
      assertThat(text(ask(loopback, server, get()))).isEqualTo("ok");
      assertThat(text(ask(loopback, server, put("body".getBytes())))).isEqualTo("ok");
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  @Test
  void aStreamedBodyIsNotRepeated() throws Exception {
    EndlessBody body = new EndlessBody(1L << 40);
    try (ScriptedServer server =
            ScriptedServer.running(
                (peer, number) -> {
                  peer.readHead();
                  peer.send(OK);
                  peer.readHead();
                  peer.reset();
                });
        Loopback loopback = Loopback.serving(FINE)) {
      assertThat(text(ask(loopback, server, get()))).isEqualTo("ok");
      HttpClient.Call call =
          loopback
              .client()
              .send(
                  server.endpoint(),
                  new Request("PUT", "/", new Headers(), body),
                  Loopback.PATIENT);
      assertThat(faultKind(call)).isEqualTo(HttpFault.Kind.CLOSED);
      assertThat(body.closed().await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(server.accepted()).isEqualTo(1);
    }
  }

  @Test
  void anUploadThatAwaits100IsRepeatedBecauseItsBodyIsUntouched() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.running(
                (peer, number) -> {
                  peer.readHead();
                  peer.send(number == 1 ? OK : "HTTP/1.1 100 Continue\r\n\r\n");
                  if (number == 1) {
                    peer.readHead();
                    peer.reset();
                  } else {
                    assertThat(peer.readBytes(70_000)).hasSize(70_000);
                    peer.send(OK);
                  }
                });
        Loopback loopback = Loopback.serving(FINE)) {
      assertThat(text(ask(loopback, server, get()))).isEqualTo("ok");
      Request request = new Request("PUT", "/", new Headers(), new EndlessBody(70_000));
      HttpClient.Upload upload =
          loopback.client().open(server.endpoint(), request, Loopback.PATIENT);
      assertThat(Loopback.get(upload.consent())).isTrue();
      upload.proceed();
      assertThat(text(Loopback.get(upload.response()))).isEqualTo("ok");
    }
  }

  @Test
  void aNewConnectionThatIsClosedWithoutAnAnswerIsAFault() throws Exception {
    try (ScriptedServer server = ScriptedServer.running((peer, number) -> peer.readHead());
        Loopback loopback = Loopback.serving(FINE)) {
      HttpClient.Call call = loopback.client().send(server.endpoint(), get(), Loopback.PATIENT);
      assertThat(faultKind(call)).isEqualTo(HttpFault.Kind.CLOSED);
      assertThat(server.accepted()).isEqualTo(1);
    }
  }

  @Test
  void aBodyCutShortFailsAsClosed() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.running(
                (peer, number) -> {
                  peer.readHead();
                  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
                });
        Loopback loopback = Loopback.serving(FINE)) {
      Response response = ask(loopback, server, get());
      assertThat(Loopback.faultOf(Bodies.readAll(response.body(), 100)).kind())
          .isEqualTo(HttpFault.Kind.CLOSED);
    }
  }

  @Test
  void aBodyThatEndsWithTheConnectionIsReadWhole() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.running(
                (peer, number) -> {
                  peer.readHead();
                  peer.send("HTTP/1.0 200 OK\r\n\r\n" + "x".repeat(300_000));
                });
        Loopback loopback = Loopback.serving(FINE)) {
      Response response = ask(loopback, server, get());
      assertThat(response.body().length()).isEqualTo(-1);
      Loopback.await(
          "the end", () -> loopback.client().connections() == 0 || server.accepted() > 0);
      assertThat(Loopback.read(response.body())).hasSize(300_000);
    }
  }

  @Test
  void trailersOfAnswersAreSeenAtTheEnd() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.running(
                (peer, number) -> {
                  peer.readHead();
                  peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                  peer.send("5\r\nhello\r\n0\r\nX-Crc: 12\r\n\r\n");
                  peer.readHead();
                });
        Loopback loopback = Loopback.serving(FINE)) {
      Response response = ask(loopback, server, get());
      assertThat(text(response)).isEqualTo("hello");
      assertThat(response.body().trailers().get("x-crc")).isEqualTo("12");
      assertThat(loopback.client().connections()).isEqualTo(1);
    }
  }

  @Test
  void answersThatAreNotHttpAreProtocolFaults() throws Exception {
    List<String> answers =
        List.of(
            "SSH-2.0-OpenSSH\r\n\r\n",
            "HTTP/1.1 20 OK\r\n\r\n",
            "HTTP/2.0 200 OK\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: " + "x".repeat(100_000) + "\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n".repeat(100));
    try (ScriptedServer server =
            ScriptedServer.running(
                (peer, number) -> {
                  peer.readHead();
                  peer.send(answers.get(number - 1));
                  peer.readToEnd();
                });
        Loopback loopback = Loopback.serving(FINE)) {
      for (String answer : answers) {
        HttpClient.Call call = loopback.client().send(server.endpoint(), get(), Loopback.PATIENT);
        assertThat(faultKind(call)).as(answer).isEqualTo(HttpFault.Kind.PROTOCOL);
      }
      Loopback.await("all closed", () -> loopback.client().connections() == 0);
    }
  }

  @Test
  void aConnectionThatSaysMoreThanItWasAskedIsNotReused() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.running(
                (peer, number) -> {
                  peer.readHead();
                  peer.send(OK + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                  peer.readToEnd();
                });
        Loopback loopback = Loopback.serving(FINE)) {
      for (int i = 1; i <= 3; i++) {
        assertThat(text(ask(loopback, server, get()))).isEqualTo("ok");
        assertThat(server.accepted()).isEqualTo(i);
      }
    }
  }

  @Test
  void anEarlySuccessDoesNotEndTheSending() throws Exception {
    CompletableFuture<Integer> taken = new CompletableFuture<>();
    try (ScriptedServer server =
            ScriptedServer.running(
                (peer, number) -> {
                  peer.readHead();
                  peer.send(OK);
                  taken.complete(peer.readBytes(3_000_000).length());
                });
        Loopback loopback = Loopback.serving(FINE)) {
      Request request = new Request("PUT", "/", new Headers(), new EndlessBody(3_000_000));
      assertThat(text(ask(loopback, server, request))).isEqualTo("ok");
      assertThat(Loopback.get(taken)).isEqualTo(3_000_000);
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsATimeout() throws Exception {
    try (Loopback loopback = Loopback.serving(request -> new CompletableFuture<>())) {
      HttpClient.Call call =
          loopback.client().send(loopback.endpoint(), get(), patience(5000, 100, 5000));
      assertThat(faultKind(call)).isEqualTo(HttpFault.Kind.TIMEOUT);
      Loopback.await("the connection's end", () -> loopback.client().connections() == 0);
    }
  }

  @Test
  void anAnswerThatStallsIsATimeout() throws Exception {
    CompletableFuture<Chunk> never = new CompletableFuture<>();
    HttpHandler stalling =
        request ->
            CompletableFuture.completedFuture(
                new Response(200, new Headers(), Bodies.pulling(-1, () -> never, () -> {})));
    try (Loopback loopback = Loopback.serving(stalling)) {
      HttpClient.Call call =
          loopback.client().send(loopback.endpoint(), get(), patience(5000, 5000, 100));
      Response response = Loopback.get(call.response());
      assertThat(Loopback.faultOf(response.body().next()).kind()).isEqualTo(HttpFault.Kind.TIMEOUT);
    }
  }

  @Test
  void aServerThatTakesNoMoreOfTheBodyIsATimeout() throws Exception {
    EndlessBody body = new EndlessBody(1L << 40);
    try (Loopback loopback = Loopback.serving(request -> new CompletableFuture<>())) {
      HttpClient.Call call =
          loopback
              .client()
              .send(
                  loopback.endpoint(),
                  new Request("PUT", "/", new Headers(), body),
                  patience(5000, 5000, 200));
      assertThat(faultKind(call)).isEqualTo(HttpFault.Kind.TIMEOUT);
      assertThat(body.closed().await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(body.pulled()).isLessThan(20 << 20);
    }
  }

  @Test
  void noServerIsAConnectFault() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = socket.getLocalPort();
    }
    try (Loopback loopback = Loopback.serving(FINE)) {
      for (Endpoint nobody :
          List.of(new Endpoint("127.0.0.1", port), new Endpoint("no-such-host.invalid", 80))) {
        HttpClient.Call call = loopback.client().send(nobody, put(new byte[10]), Loopback.PATIENT);
        HttpFault fault = Loopback.faultOf(call.response());
        assertThat(fault.kind()).isEqualTo(HttpFault.Kind.CONNECT);
        assertThat(fault).hasMessageContaining(nobody.toString());
      }
      Loopback.await("no connections", () -> loopback.client().connections() == 0);
    }
  }

  @Test
  void aHostNameIsLookedUp() throws Exception {
    try (Loopback loopback = Loopback.serving(FINE)) {
      Endpoint named = new Endpoint("localhost", loopback.server().port());
      HttpClient.Call call = loopback.client().send(named, get(), Loopback.PATIENT);
      assertThat(text(Loopback.get(call.response()))).isEqualTo("ok");
    }
  }

  @Test
  void requestsPastTheConnectionsWaitAndPastTheQueueFail() throws Exception {
    LinkedBlockingQueue<CompletableFuture<Response>> answers = new LinkedBlockingQueue<>();
    HttpHandler waiting =
        request -> {
          CompletableFuture<Response> answer = new CompletableFuture<>();
          answers.add(answer);
          return answer;
        };
    try (Loopback loopback = limited(waiting, 2, 3)) {
      List<HttpClient.Call> calls = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        calls.add(loopback.send(get()));
      }
      assertThat(faultKind(loopback.send(put(new byte[10])))).isEqualTo(HttpFault.Kind.EXHAUSTED);
      for (int i = 0; i < 5; i++) {
        answers.poll(20, TimeUnit.SECONDS).complete(Response.text(200, "ok"));
      }
      for (HttpClient.Call call : calls) {
        assertThat(text(Loopback.get(call.response()))).isEqualTo("ok");
      }
      assertThat(loopback.client().connections()).isEqualTo(2);
    }
  }

  @Test
  void aRequestThatWaitsTooLongForAConnectionFails() throws Exception {
    try (Loopback loopback = limited(request -> new CompletableFuture<>(), 1, 10)) {
      HttpClient.Call busy = loopback.send(get());
      HttpClient.Call waits =
          loopback.client().send(loopback.endpoint(), get(), patience(100, 5000, 5000));
      assertThat(faultKind(waits)).isEqualTo(HttpFault.Kind.EXHAUSTED);
      busy.abort();
      assertThat(faultKind(busy)).isEqualTo(HttpFault.Kind.ABORTED);
    }
  }

  @Test
  void aWaitingRequestGetsThePlaceOfOneThatFailed() throws Exception {
    LinkedBlockingQueue<CompletableFuture<Response>> answers = new LinkedBlockingQueue<>();
    HttpHandler waiting =
        request -> {
          CompletableFuture<Response> answer = new CompletableFuture<>();
          answers.add(answer);
          return answer;
        };
    try (Loopback loopback = limited(waiting, 1, 10)) {
      HttpClient.Call first = loopback.send(get());
      HttpClient.Call gone = loopback.send(get());
      HttpClient.Call second = loopback.send(get());
      assertThat(answers.poll(20, TimeUnit.SECONDS)).isNotNull();
      gone.abort();
      first.abort();
      answers.poll(20, TimeUnit.SECONDS).complete(Response.text(200, "ok"));
      assertThat(text(Loopback.get(second.response()))).isEqualTo("ok");
      assertThat(faultKind(gone)).isEqualTo(HttpFault.Kind.ABORTED);
    }
  }

  @Test
  void idleConnectionsAgeOut() throws Exception {
    try (Loopback loopback =
        Loopback.serving(
            FINE,
            UnaryOperator.identity(),
            HttpClientConfig.DEFAULT.withIdle(Duration.ofMillis(100)))) {
      assertThat(text(loopback.exchange(get()))).isEqualTo("ok");
      Loopback.await("no connections", () -> loopback.client().connections() == 0);
      assertThat(text(loopback.exchange(get()))).isEqualTo("ok");
    }
  }

  @Test
  void aClosedClientFailsWhatIsUnderWayAndWhatComesLater() throws Exception {
    try (Loopback loopback = limited(request -> new CompletableFuture<>(), 1, 10)) {
      HttpClient.Call busy = loopback.send(put(new byte[100]));
      HttpClient.Call waits = loopback.send(put(new byte[100]));
      Loopback.await("the request", () -> loopback.server().activeRequests() == 1);
      loopback.client().close();
      assertThat(faultKind(busy)).isEqualTo(HttpFault.Kind.ABORTED);
      assertThat(faultKind(waits)).isEqualTo(HttpFault.Kind.ABORTED);
      assertThat(faultKind(loopback.send(get()))).isEqualTo(HttpFault.Kind.ABORTED);
    }
  }

  @Test
  void aRequestLineThatIsNoneIsNotSent() throws Exception {
    try (Loopback loopback = Loopback.serving(FINE)) {
      for (String target : List.of("a", "/a b", "/a\r\nX: y", "")) {
        assertThatThrownBy(() -> loopback.send(Request.withoutBody("GET", target, new Headers())))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  private static Response ask(Loopback loopback, ScriptedServer server, Request request)
      throws Exception {
    return Loopback.get(
        loopback.client().send(server.endpoint(), request, Loopback.PATIENT).response());
  }
}
