package org.martlet.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A Prometheus of Debian's package that scrapes servers, and what it answers.
final class PrometheusProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Process process;
  private final Path log;
  private final String url;
  private final HttpClient http = HttpClient.newHttpClient();

  private PrometheusProcess(Process process, Path log, String url) {
    this.process = process;
    this.log = log;
    this.url = url;
  }

  /// @param targets `host:port`
  static PrometheusProcess start(Path directory, Collection<String> targets) throws IOException {
    Path config = directory.resolve("prometheus.yml");
    String list =
        targets.stream().map(target -> '"' + target + '"').collect(Collectors.joining(", "));
    Files.writeString(
        config,
        """
        global:
          scrape_interval: 1s
        scrape_configs:
          - job_name: martlet-storage
            static_configs:
              - targets: [%s]
        """
            .formatted(list));
    Path log = directory.resolve("prometheus.log");
    String address = "127.0.0.1:" + freePort();
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("tsdb"),
                "--web.listen-address=" + address)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new PrometheusProcess(process, log, "http://" + address);
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return probe.getLocalPort();
    }
  }

  /// Waits until all targets were read at least twice.
  void awaitScrapes(int targets) {
    await(() -> value("count(count_over_time(up[1m]) >= 2 and up == 1)") == targets);
  }

  private void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("prometheus does not get there: " + output());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }

  private double value(String expression) {
    try {
      JsonNode result = ask("query?query=", expression).path("data").path("result");
      return result.isEmpty()
          ? 0
          : Double.parseDouble(result.get(0).path("value").get(1).asString());
    } catch (IOException e) {
      // It does not listen yet.
      return -1;
    }
  }

  /// The answer to an expression.
  JsonNode query(String expression) throws IOException {
    return ask("query?query=", expression);
  }

  /// The series that a selector names, each with its labels.
  JsonNode series(String selector) throws IOException {
    return ask("series?match[]=".replace("[]", "%5B%5D"), selector).path("data");
  }

  private JsonNode ask(String what, String argument) throws IOException {
    URI uri =
        URI.create(url + "/api/v1/" + what + URLEncoder.encode(argument, StandardCharsets.UTF_8));
    try {
      HttpResponse<String> answer =
          http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 503 ? JSON.createObjectNode() : JSON.readTree(answer.body());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
