package org.martlet.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.Logging;
import org.martlet.common.http.BlockingBody;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.EventLoops;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClientConfig;
import org.martlet.common.http.HttpServer;
import org.martlet.common.http.HttpServerConfig;
import org.martlet.common.http.NettyHttpClient;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.Timeouts;
import org.martlet.common.protocol.BackendSignature;
import org.slf4j.LoggerFactory;

/// Levels of the loggers of this very process, set over the network.
class LogPageIT {
  private static final BackendSignature SIGNATURE =
      BackendSignature.with(
          "a secret of the test".getBytes(StandardCharsets.UTF_8), InstantSource.system());
  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20));

  @TempDir private Path directory;

  @AfterEach
  void toStandardError() {
    Logging.quiet();
  }

  private String ask(String method, String target, boolean signed) throws Exception {
    LogConfig config =
        new LogConfig(
            LogLevel.INFO,
            Map.of("a.b", LogLevel.ERROR),
            LogConfig.Format.TEXT,
            Optional.of(directory.resolve("test.log")),
            false,
            LogConfig.Repeats.DEFAULT);
    try (EventLoops loops = EventLoops.start();
        ProcessLog log = ProcessLog.start(config, Optional.empty());
        HttpServer server =
            HttpServer.start(
                HttpServerConfig.on("127.0.0.1", 0),
                loops,
                new LogPage(log, SIGNATURE, true)
                    .before(r -> CompletableFuture.completedFuture(Response.text(404, "behind"))));
        NettyHttpClient client = new NettyHttpClient(loops, HttpClientConfig.DEFAULT)) {
      Headers headers = new Headers();
      if (signed) {
        SIGNATURE.sign(method, target, 0, headers);
      }
      Response response =
          client
              .send(
                  new Endpoint("127.0.0.1", server.port()),
                  Request.withoutBody(method, target, headers),
                  TIMEOUTS)
              .response()
              .get();
      try (BlockingBody body = new BlockingBody(response.body())) {
        return response.status() + " " + new String(body.readAll(10_000), StandardCharsets.UTF_8);
      }
    }
  }

  @Test
  void levelsAreShownToThoseWhoSign() throws Exception {
    assertThat(ask("GET", "/log/levels", true))
        .startsWith("200 ")
        .contains("\"ROOT\":\"info\"", "\"a.b\":\"error\"", "\"martlet.object.access\":\"off\"");
    assertThat(ask("GET", "/log/levels", false)).isEqualTo("404 behind");
  }

  @Test
  void aLevelIsInForceAtOnce() throws Exception {
    assertThat(ask("POST", "/log/levels?logger=a.b&level=debug", true))
        .contains("\"a.b\":\"debug\"");
    assertThat(LoggerFactory.getLogger("a.b.c").isDebugEnabled()).isTrue();
    assertThat(ask("POST", "/log/levels?logger=a.b", true)).doesNotContain("a.b");
    assertThat(ask("POST", "/log/levels?logger=ROOT", true)).contains("\"ROOT\":\"info\"");
  }

  @Test
  void nonsenseIsRefused() throws Exception {
    assertThat(ask("POST", "/log/levels?logger=a.b&level=loud", true)).startsWith("400 ");
    assertThat(ask("POST", "/log/levels?logger=a%20b&level=info", true)).startsWith("400 ");
    assertThat(ask("POST", "/log/levels", true)).startsWith("400 ");
    assertThat(ask("DELETE", "/log/levels?logger=a.b", true)).startsWith("405 ");
  }
}
