package org.martlet.ring;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.cluster.RingPage;
import org.martlet.common.http.EventLoops;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.http.HttpServer;
import org.martlet.common.http.HttpServerConfig;
import org.martlet.common.http.Response;
import org.martlet.common.http.ServerMeters;
import org.martlet.common.model.DeviceId;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingFile;
import org.martlet.common.ring.RingHolder;
import org.martlet.common.ring.RingInbox;
import org.martlet.common.ring.RingSeal;
import org.martlet.common.ring.RingWatcher;
import picocli.CommandLine;

/// What an operator does with rings, against two servers over loopback.
class RingCommandIT {
  private static final String SECRET = "0123456789abcdef";
  private static final RingSeal SEAL = RingSeal.with(SECRET.getBytes(US_ASCII));
  private static final List<String> NAMES = List.of("account", "container", "object");

  @TempDir Path directory;
  private final EventLoops loops = EventLoops.start(1);
  private final List<Node> nodes = new ArrayList<>();
  private Path clusterFile;

  private record Node(HttpServer server, RingInbox inbox) {
    RingHolder ring(String name) {
      return inbox.rings().get(name).holder();
    }

    long version(String name) {
      return ring(name).current().version();
    }

    String address() {
      return "127.0.0.1:" + server.port();
    }
  }

  private record Outcome(int code, String out, String err) {}

  /// Their rings do not name them: they listen before rings can be made.
  @BeforeEach
  void start() throws IOException {
    for (int n = 0; n < 2; n++) {
      nodes.add(node("node" + n, 5));
    }
    writeRings(directory.resolve("rings"), 5, false);
    clusterFile = directory.resolve("cluster.toml");
    Files.writeString(
        clusterFile,
        """
        [cluster]
        hash_prefix = "p"
        secret = "%s"
        ring_directory = "rings"
        """
            .formatted(SECRET));
  }

  private Node node(String name, long version) throws IOException {
    Path rings = directory.resolve(name);
    writeRings(rings, version, false);
    Map<String, RingWatcher> watchers =
        Map.of(
            "account", RingWatcher.open(rings.resolve("account.ring.gz")),
            "container", RingWatcher.open(rings.resolve("container.ring.gz")),
            "object", RingWatcher.open(rings.resolve("object.ring.gz")));
    RingInbox inbox = new RingInbox(watchers, SEAL);
    RingPage page =
        new RingPage(
            inbox,
            SEAL,
            BackendSignature.with(SECRET.getBytes(US_ASCII), InstantSource.system()),
            UUID.randomUUID(),
            Runnable::run);
    return new Node(listen(page.beforeService(RingCommandIT::unknown)), inbox);
  }

  private static CompletableFuture<Response> unknown(
      org.martlet.common.http.ServerRequest request) {
    return CompletableFuture.completedFuture(Response.text(404, "nothing of that name"));
  }

  private HttpServer listen(HttpHandler handler) throws IOException {
    return HttpServer.start(
        HttpServerConfig.on("127.0.0.1", 0),
        loops,
        handler,
        ServerMeters.unseen(),
        InstantSource.system());
  }

  @AfterEach
  void stop() {
    nodes.forEach(node -> node.server().close());
    loops.close();
  }

  private Path writeRings(Path to, long version, boolean swapped) throws IOException {
    Files.createDirectories(to);
    for (String name : NAMES) {
      RingFile.write(to.resolve(name + ".ring.gz"), ring(version, swapped));
    }
    return to;
  }

  private Ring ring(long version, boolean swapped) {
    List<RingDevice> devices = new ArrayList<>();
    for (int n = 0; n < 2; n++) {
      int port = n < nodes.size() ? nodes.get(n).server().port() : 1;
      devices.add(RingDevice.of(new DeviceId(n), 1, n, "127.0.0.1", port, "d" + n, 100));
    }
    int[] row = swapped ? new int[] {1, 0, 1, 0} : new int[] {0, 1, 0, 1};
    return Ring.of(2, devices, new int[][] {row}, version);
  }

  private Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(1, List.of("--cluster", clusterFile.toString()));
    int code =
        new CommandLine(new RingCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new Outcome(code, out.toString(), err.toString());
  }

  @Test
  void ringsArePushedToAllServersAndShown() throws IOException {
    writeRings(directory.resolve("rings"), 6, true);
    Outcome pushed = run("push");
    assertThat(pushed.err()).isEmpty();
    assertThat(pushed.code()).isZero();
    assertThat(pushed.out().lines().filter(line -> line.contains("taken"))).hasSize(6);
    assertThat(nodes).allMatch(node -> node.version("object") == 6);
    assertThat(run("push").out()).contains("had it").doesNotContain("taken");

    Outcome shown = run("show");
    assertThat(shown.code()).isZero();
    assertThat(shown.out()).contains(nodes.get(0).address(), nodes.get(1).address(), "not yet");
    for (Node node : nodes) {
      for (String name : NAMES) {
        node.ring(name).settled(node.ring(name).previous().orElseThrow());
      }
    }
    assertThat(run("show").out()).doesNotContain("not yet");
    assertThat(run("show", "--json").out()).contains("\"settled\" : true");
  }

  @Test
  void whoLagsOrIsSilentIsNamed() throws IOException {
    Path made = writeRings(directory.resolve("rings"), 6, true);
    nodes.get(1).server().close();
    Outcome pushed = run("push", made.resolve("object.ring.gz").toString());
    assertThat(pushed.code()).isEqualTo(1);
    assertThat(pushed.err()).contains("1 of 2 did not succeed");
    assertThat(nodes.get(0).version("object")).isEqualTo(6);
    Outcome shown = run("show");
    assertThat(shown.code()).isEqualTo(1);
    assertThat(shown.err()).contains(nodes.get(1).address() + ": no answer");
    nodes.get(0).server().close();
    assertThat(run("show").err()).contains("no server answers");
    assertThat(run("push").code()).isEqualTo(2);
  }

  @Test
  void placementIsNotChangedAgainWhileDataMoves() throws IOException {
    Path rings = directory.resolve("rings");
    writeRings(rings, 6, true);
    run("push");
    writeRings(rings, 7, false);
    Outcome refused = run("push");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains(nodes.get(1).address() + ": ring container has not moved all data yet")
        .contains("nothing was pushed");
    assertThat(nodes).allMatch(node -> node.version("object") == 6);
    writeRings(rings, 8, true);
    assertThat(run("push").code()).as("it places everything as the one in force").isZero();
    writeRings(rings, 9, false);
    assertThat(run("push", "--force").code()).isZero();
    assertThat(nodes).allMatch(node -> node.version("object") == 9);
  }

  @Test
  void whatAServerSaysAgainstARingIsShown() throws IOException {
    writeRings(directory.resolve("rings"), 6, true);
    Path other = directory.resolve("rings").resolve("object-7.ring.gz");
    RingFile.write(other, ring(6, false));
    Outcome unknown = run("push", other.toString());
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.out()).contains("There are the rings [account, container, object]");
    writeRings(directory.resolve("rings"), 4, true);
    assertThat(run("push").out()).contains("409: version 5 is in force, this is 4");
    assertThat(run("push", clusterFile.toString()).err()).contains("ends in .ring.gz");
  }

  @Test
  void ringsArePulledFromServersAndFromSealedFiles() throws IOException {
    Path rings = directory.resolve("rings");
    writeRings(rings, 4, false);
    String source = "http://" + nodes.get(0).address() + "/rings";
    Outcome pulled = run("pull", source);
    assertThat(pulled.code()).isZero();
    assertThat(pulled.out()).contains("object: now version 5 from " + source);
    assertThat(run("pull", source).out())
        .contains("object: version 5, not newer at " + source + "/");
    assertThat(run("pull").err()).contains("no source");
    Outcome failed = run("pull", "http://127.0.0.1:1/rings");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err()).contains("object stays at version 5");

    Files.delete(rings.resolve("object.ring.gz"));
    Files.writeString(rings.resolve("account.ring.gz"), "no ring");
    Outcome first = run("pull", source);
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out())
        .contains("object: now version 5 from " + source, "account: now version 5 from " + source)
        .contains("object: version 5, not newer at " + source);
    Files.delete(rings.resolve("object.ring.gz"));
    assertThat(run("pull", "http://127.0.0.1:1/rings").err())
        .contains("object is not fetched: ", "object.ring.gz: there is no such file");
    run("pull", source);

    Path made = writeRings(directory.resolve("made"), 6, true).resolve("object.ring.gz");
    assertThat(run("seal", made.toString()).out()).contains("ring object, version 6");
    String line = Files.readString(made.resolveSibling("object.ring.gz.seal"));
    assertThat(SEAL.read(line).isOf(Files.readAllBytes(made))).isTrue();
  }
}
