package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.runtime.Readiness;

class HealthPageIT {
  @TempDir private Path directory;

  private static Loopback serving(Readiness readiness, Optional<Path> file) throws Exception {
    HealthPage page = new HealthPage(readiness, file, Runnable::run);
    return Loopback.serving(
        page.before(
            server ->
                CompletableFuture.completedFuture(
                    Response.text(200, "behind " + server.request().rawPath()))));
  }

  private static String ask(Loopback loopback, String method, String path) throws Exception {
    Response answer = loopback.exchange(Request.withoutBody(method, path, new Headers()));
    return answer.status() + " " + new String(Loopback.read(answer.body()));
  }

  @Test
  void readinessHasReasonsAndEverythingElseIsLeftToTheServer() throws Exception {
    Readiness readiness = new Readiness();
    readiness.add(() -> Optional.of("no device is online"));
    try (Loopback loopback = serving(readiness, Optional.empty())) {
      assertThat(ask(loopback, "GET", "/ready"))
          .startsWith("503 starting")
          .endsWith("\nno device is online\n");
      assertThat(ask(loopback, "HEAD", "/ready")).isEqualTo("503 ");
      assertThat(ask(loopback, "GET", "/healthcheck")).isEqualTo("200 behind /healthcheck");
      assertThat(ask(loopback, "PUT", "/ready")).isEqualTo("200 behind /ready");
      assertThat(ask(loopback, "GET", "/ready/x")).isEqualTo("200 behind /ready/x");
    }
  }

  @Test
  void aFileTakesAServerOutOfService() throws Exception {
    Readiness readiness = new Readiness();
    readiness.started();
    Path file = directory.resolve("disabled");
    try (Loopback loopback = serving(readiness, Optional.of(file))) {
      assertThat(ask(loopback, "GET", "/ready")).isEqualTo("200 ready\n");
      assertThat(ask(loopback, "GET", "/healthcheck")).isEqualTo("200 behind /healthcheck");
      Files.createFile(file);
      assertThat(ask(loopback, "GET", "/ready")).isEqualTo("503 DISABLED BY FILE");
      assertThat(ask(loopback, "GET", "/healthcheck")).isEqualTo("503 DISABLED BY FILE");
      assertThat(ask(loopback, "GET", "/v1/a")).isEqualTo("200 behind /v1/a");
    }
  }
}
