package org.martlet.status;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.cluster.Cluster;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.EventLoops;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.http.HttpServer;
import org.martlet.common.http.HttpServerConfig;
import org.martlet.common.http.Response;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingFile;
import org.martlet.terminal.Paint;

/// Servers that do not answer, or answer what no server should, cost one wait and are told.
class HostileAnswersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /// The port of a service that nobody has.
  private static final int NOBODY_LISTENS = 1;

  private static final String GOOD =
      """
      {"service": "object", "version": "\\u001b[2J1", "instance": "%s", "started": "yesterday",
       "time": 7, "disks": [{"device": "d1", "mounted": true, "size": -1, "avail": "much"}],
       "devices": [{"device": "d1", "state": ["online"], "faults": 3, "policies": []}],
       "holdings": [{"pass": {"phase": {}, "left": -9, "last_complete": "2026"}}, 5, null],
       "rings": {"object": {"version": "none", "md5": 1}}}""";

  @TempDir Path directory;
  private final EventLoops loops = EventLoops.start(1);
  private final List<HttpServer> servers = new ArrayList<>();

  @AfterEach
  void stop() {
    servers.forEach(HttpServer::close);
    loops.close();
  }

  private int listen(HttpHandler handler) throws IOException {
    HttpServer server = HttpServer.start(HttpServerConfig.on("127.0.0.1", 0), loops, handler);
    servers.add(server);
    return server.port();
  }

  private static HttpHandler answering(String body) {
    byte[] bytes = body.getBytes(US_ASCII);
    return server ->
        CompletableFuture.completedFuture(
            new Response(
                200,
                Headers.of("Content-Type", "application/json"),
                Bodies.sliced(bytes, () -> {})));
  }

  private Cluster cluster(List<Integer> ports) throws Exception {
    List<RingDevice> devices = new ArrayList<>();
    for (int port : ports) {
      int id = devices.size();
      devices.add(RingDevice.of(new DeviceId(id), 1, id, "127.0.0.1", port, "d1", 100));
    }
    int[][] rows = {new int[ports.size() > 4 ? 8 : 4]};
    for (int part = 0; part < rows[0].length; part++) {
      rows[0][part] = part % ports.size();
    }
    Ring ring = Ring.of(rows[0].length == 8 ? 3 : 2, devices, rows, 5);
    Files.createDirectories(directory.resolve("rings"));
    for (String name : List.of("account", "container", "object")) {
      RingFile.write(directory.resolve("rings").resolve(name + ".ring.gz"), ring);
    }
    Path file = directory.resolve("cluster.toml");
    Files.writeString(
        file,
        """
        [cluster]
        hash_prefix = "p"
        secret = "0123456789abcdef"
        ring_directory = "rings"
        """);
    return Cluster.load(file);
  }

  @Test
  void whatNoServerShouldAnswerIsToldAndHarmsNothing() throws Exception {
    CompletableFuture<Response> never = new CompletableFuture<>();
    CompletableFuture<Chunk> neverMore = new CompletableFuture<>();
    Body stuck = Bodies.pulling(100, () -> neverMore, () -> {});
    List<Integer> ports =
        List.of(
            listen(answering(GOOD.formatted("one"))),
            listen(answering("[".repeat(200_000))),
            listen(answering("\"" + "x".repeat(9 << 20) + "\"")),
            listen(answering("")),
            listen(server -> never),
            listen(
                server ->
                    CompletableFuture.completedFuture(new Response(200, new Headers(), stuck))),
            NOBODY_LISTENS);
    long began = System.nanoTime();
    ClusterStatus status;
    try (StorageNodes nodes = new StorageNodes(cluster(ports), PATIENCE)) {
      status = new Survey(nodes, InstantSource.system()).take();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .as("two rounds of questions, each of which waits once")
        .isLessThan(PATIENCE.multipliedBy(4));
    never.complete(Response.text(200, "late"));
    neverMore.completeExceptionally(new IOException("the end of the test"));
    assertThat(status.healthy()).isFalse();
    assertThat(status.devices()).hasSize(ports.size());
    assertThat(status.nodes().stream().filter(ClusterStatus.Node::reachable)).hasSize(1);
    assertThat(status.warnings())
        .extracting(ClusterStatus.Warning::problem)
        .anyMatch(problem -> problem.contains("not understood"))
        .anyMatch(problem -> problem.contains("in time"));
    String shown = new StatusSheet(status, null, new Paint(false)).text();
    assertThat(shown).startsWith("The cluster is NOT healthy").doesNotContain("\u001b");
    assertThat(shown.length()).isLessThan(20_000);
  }

  @Test
  void aServerThatSaysWhoItIsAndNothingElseIsNotTakenForWell() throws Exception {
    byte[] node =
        """
        {"instance": "one", "time": "+999999999-01-01T00:00:00Z",
         "started": "-999999999-01-01T00:00:00Z"}"""
            .getBytes(US_ASCII);
    int port =
        listen(
            server ->
                CompletableFuture.completedFuture(
                    server.request().rawPath().equals("/recon/martlet/node")
                        ? new Response(200, new Headers(), Body.of(node))
                        : Response.text(500, "\u001b[2J no")));
    ClusterStatus status;
    try (StorageNodes nodes =
        new StorageNodes(cluster(List.of(port, port, port)), Duration.ofSeconds(20))) {
      status = new Survey(nodes, InstantSource.system()).take();
    }
    assertThat(status.healthy()).isFalse();
    assertThat(status.warnings())
        .extracting(ClusterStatus.Warning::problem)
        .anyMatch(problem -> problem.startsWith("it does not tell the state of its devices: "))
        .anyMatch(problem -> problem.startsWith("it does not tell which rings it has: "))
        .anyMatch(problem -> problem.startsWith("it does not tell of replication"))
        .anyMatch(problem -> problem.startsWith("it does not tell which listing updates"))
        .noneMatch(problem -> problem.contains("\u001b"))
        .noneMatch(problem -> problem.contains("its clock"));
    assertThat(status.rings()).noneMatch(ClusterStatus.RingState::settled);
  }
}
