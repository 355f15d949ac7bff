package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How real processes stop, read their files again, and what is in their logs.
class LifecycleIT {
  private static final int PATIENCE_MS = 30_000;

  @TempDir private Path directory;

  @Test
  void anUploadUnderWayIsFinishedAfterIdleConnectionsAreClosed() throws Exception {
    try (LocalCluster cluster = LocalCluster.up(directory.resolve("data"))) {
      String ready = "GET /ready HTTP/1.1\r\nConnection: close\r\n\r\n";
      assertThat(RawHttp.exchange(cluster.url(), ready).body()).isEqualTo("ready\n");
      SwiftClient client = cluster.client();
      client.put("/slow", new byte[0]);
      URI url = URI.create(cluster.url());
      try (Socket upload = connect(url);
          Socket idle = connect(url)) {
        send(
            upload,
            "PUT /v1/AUTH_test/slow/o HTTP/1.1\r\nX-Auth-Token: "
                + client.token()
                + "\r\nExpect: 100-continue\r\nContent-Length: 100000\r\n\r\n");
        assertThat(readHead(upload)).startsWith("HTTP/1.1 100 ");
        send(upload, "x".repeat(50_000));
        send(idle, "GET /healthcheck HTTP/1.1\r\n\r\n");
        assertThat(readHead(idle)).startsWith("HTTP/1.1 200 ");
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(cluster::stop);
        awaitRefused(url);
        assertThat(idle.getInputStream().readAllBytes()).asString().isEqualTo("OK");
        send(upload, "x".repeat(50_000));
        assertThat(readHead(upload)).startsWith("HTTP/1.1 201 ").contains("Connection: close");
        assertThat(exit.get()).as(cluster.process().output()).isZero();
      }
    }
  }

  @Test
  void theLogHasAllLinesOfARequestUnderOneIdAndNoSecrets() throws Exception {
    try (LocalCluster cluster = LocalCluster.up(directory.resolve("logged"))) {
      SwiftClient client = cluster.client();
      client.put("/c", new byte[0]);
      String id =
          client
              .put("/c/o?temp_url_sig=0123456789abcdef0123456789abcdef", new byte[10])
              .headers()
              .firstValue("X-Trans-Id")
              .orElseThrow();
      client.get("/c");
      assertThat(cluster.stop()).isZero();
      List<String> log = Files.readAllLines(cluster.data().resolve("logs/martlet.log"));
      assertThat(lines(log, "martlet.proxy.access", id)).hasSize(1);
      assertThat(lines(log, "martlet.object.access", id))
          .as("one for each replica, more where another device stands in")
          .hasSizeGreaterThanOrEqualTo(3);
      assertThat(lines(log, "martlet.container.access", id))
          .as("its rows")
          .anyMatch(line -> line.contains("\"UPDATE "));
      assertThat(lines(log, "martlet.account.access", "tx")).isNotEmpty();
      assertThat(String.join("\n", log))
          .doesNotContain(
              client.token(),
              "0123456789abcdef0123456789abcdef",
              "\"testing\"",
              setting(cluster, "secret"),
              setting(cluster, "hash_suffix"));
    }
  }

  @Test
  void aRunningProxyReadsItsFilesAgainAndABadFileChangesNothing() throws Exception {
    assumeFalse(isHangUpIgnored(), "SIGHUP is ignored here, as under nohup, and stays so");
    Path etc = directory.resolve("reread/etc");
    try (LocalCluster cluster = LocalCluster.up(directory.resolve("reread"))) {
      assertThat(cluster.stop()).isZero();
    }
    int port = NodeCluster.freePorts(1).getFirst();
    Path file = etc.resolve("proxy-server.toml");
    String users = Files.readString(file);
    String before = "[listen]\nbind_port = " + port + "\n" + users;
    Files.writeString(file, before);
    try (MartletProcess proxy = MartletProcess.start("proxy-server", file.toString())) {
      proxy.await(Pattern.compile("ready"));
      String url = "http://127.0.0.1:" + port;
      assertThat(login(url)).isEqualTo(401);
      Files.writeString(
          file,
          before
              + """
              [[tempauth.user]]
              account = "new"
              user = "comer"
              key = "a key of the test"
              [metrics]
              bind_port = 1
              """);
      hangUp(proxy);
      proxy.await(
          Pattern.compile(
              "in force now: tempauth.user.*; in force after the next start: metrics.bind_port"));
      assertThat(login(url)).isEqualTo(200);
      Files.writeString(file, "[listen]\nbind_prot = 1\n");
      hangUp(proxy);
      proxy.await(Pattern.compile("nothing was changed"));
      assertThat(login(url)).isEqualTo(200);
      assertThat(proxy.output()).doesNotContain("a key of the test");
      assertThat(proxy.stop()).isZero();
    }
    Files.delete(etc.resolve("cluster.toml"));
    try (MartletProcess check = MartletProcess.start("proxy-server", "--check", file.toString())) {
      assertThat(check.exitCode()).isEqualTo(1);
      assertThat(check.output()).contains("bind_prot", "cluster.toml: there is no such file");
    }
  }

  private static boolean isHangUpIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) != 0);
  }

  private static void hangUp(MartletProcess process) {
    List<String> kill = List.of("kill", "-HUP", Long.toString(process.pid()));
    assertThat(MartletProcess.run(kill, null).exitCode()).isZero();
  }

  private static int login(String url) throws IOException {
    return RawHttp.exchange(
            url,
            "GET /auth/v1.0 HTTP/1.1\r\nHost: localhost\r\nX-Auth-User: new:comer\r\n"
                + "X-Auth-Key: a key of the test\r\nConnection: close\r\n\r\n")
        .status();
  }

  private static List<String> lines(List<String> log, String logger, String id) {
    return log.stream().filter(line -> line.contains(logger) && line.contains(id)).toList();
  }

  /// A secret of the cluster, as its file has it.
  private static String setting(LocalCluster cluster, String key) throws IOException {
    Path file = cluster.data().resolve("etc/cluster.toml");
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(key + " = "))
        .map(line -> line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')))
        .findFirst()
        .orElseThrow();
  }

  private static Socket connect(URI url) throws IOException {
    Socket socket = new Socket(url.getHost(), url.getPort());
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  private static void awaitRefused(URI url) throws IOException {
    while (true) {
      try (Socket socket = connect(url)) {
        LockSupport.parkNanos(1_000_000);
      } catch (ConnectException e) {
        return;
      }
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String readHead(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return head.toString();
      }
      head.append((char) b);
    }
    return head.toString();
  }
}
