package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// Server and client together.
class HttpRoundTripIT {
  private static final HttpHandler ECHO =
      BlockingHandlers.on(
          Executors.newVirtualThreadPerTaskExecutor(),
          request -> {
            byte[] body = Loopback.read(request.request().body());
            Headers headers = Headers.of("X-Method", request.request().method());
            headers.set("X-Target", request.request().target());
            return new Response(200, headers, Body.of(body));
          });

  @Test
  void aRequestWithoutBodyIsAnswered() throws Exception {
    try (Loopback loopback = Loopback.serving(ECHO)) {
      Response response =
          loopback.exchange(Request.withoutBody("GET", "/a/b%20c?x=1&y", new Headers()));
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.headers().get("x-target")).isEqualTo("/a/b%20c?x=1&y");
      assertThat(response.headers().get("Content-Length")).isEqualTo("0");
      assertThat(response.headers().contains("Date")).isTrue();
      assertThat(Loopback.read(response.body())).isEmpty();
    }
  }

  @Test
  void theNativeTransportIsThereOnLinux() {
    if (System.getProperty("os.name").equals("Linux")) {
      try (EventLoops loops = EventLoops.start(1)) {
        assertThat(loops.usesEpoll()).as("a Netty without its native library").isTrue();
      }
    }
  }

  @Test
  void smallBodiesTravelBothWays() throws Exception {
    try (Loopback loopback = Loopback.serving(ECHO)) {
      for (int i = 0; i < 50; i++) {
        byte[] text = ("body " + i).getBytes(StandardCharsets.UTF_8);
        Response response =
            loopback.exchange(new Request("PUT", "/" + i, new Headers(), Body.of(text)));
        assertThat(Loopback.read(response.body())).isEqualTo(text);
      }
      assertThat(loopback.client().connections()).isEqualTo(1);
    }
  }

  @Test
  void largeBodiesTravelBothWaysOnEpollAndOnNio() throws Exception {
    byte[] bytes = new byte[5_000_000];
    new Random(1).nextBytes(bytes);
    try (Loopback loopback = Loopback.serving(ECHO)) {
      Response response =
          loopback.exchange(new Request("PUT", "/large", new Headers(), Body.of(bytes)));
      assertThat(Loopback.read(response.body())).isEqualTo(bytes);
    }
    try (Loopback loopback = Loopback.servingOnNio(ECHO)) {
      Response response =
          loopback.exchange(new Request("PUT", "/large", new Headers(), Body.of(bytes)));
      assertThat(Loopback.read(response.body())).isEqualTo(bytes);
    }
  }
}
