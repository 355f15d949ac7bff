package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Two servers on one port: how one process takes over from another.
class SharedPortIT {
  @Test
  void theSecondServesAloneOnceTheFirstIsClosed() throws Exception {
    try (EventLoops loops = loops(true);
        HttpServer first = serve("first", 0, true, loops);
        HttpServer second = serve("second", first.port(), true, loops)) {
      assertThat(second.port()).isEqualTo(first.port());
      first.close();
      for (int i = 0; i < 32; i++) {
        try (RawClient client = new RawClient(second.port())) {
          client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
          assertThat(client.readToEnd()).endsWith("second");
        }
      }
    }
  }

  @Test
  void aPortIsNotSharedUnlessBothSaySo() throws Exception {
    try (EventLoops loops = loops(true);
        HttpServer first = serve("first", 0, true, loops);
        HttpServer alone = serve("alone", 0, false, loops)) {
      assertThatThrownBy(() -> serve("second", first.port(), false, loops))
          .isInstanceOf(BindException.class);
      assertThatThrownBy(() -> serve("second", alone.port(), true, loops))
          .isInstanceOf(BindException.class);
    }
  }

  @Test
  void withoutEpollAPortCannotBeShared() {
    try (EventLoops loops = loops(false)) {
      assertThatThrownBy(() -> serve("alone", 0, true, loops))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot be shared");
    }
  }

  private static EventLoops loops(boolean epoll) {
    return EventLoops.start(1, epoll, EventLoops.pooled(1), new HeadBudget(1 << 20));
  }

  private static HttpServer serve(String answer, int port, boolean shared, EventLoops loops)
      throws IOException {
    return HttpServer.start(
        HttpServerConfig.on("127.0.0.1", port).withSharedPort(shared),
        loops,
        request -> CompletableFuture.completedFuture(Response.text(200, answer)));
  }
}
