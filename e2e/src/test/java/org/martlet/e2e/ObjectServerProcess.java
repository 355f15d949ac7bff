package org.martlet.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `./martlet object-server` with the devices below one directory, asked directly and without
/// signatures. There is no container server: what is due to listings stays due.
final class ObjectServerProcess implements AutoCloseable {
  static final Pattern READY = Pattern.compile("ready");
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int NOBODY = 9;

  private final Path directory;
  private final int port;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final JsonMapper json = JsonMapper.builder().build();
  private @Nullable MartletProcess process;

  private ObjectServerProcess(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  /// Writes all files; starts nothing.
  ///
  /// @param store the lines of the table of that name
  static ObjectServerProcess configure(
      Path directory, Path devices, List<String> names, boolean mountCheck, String store)
      throws IOException {
    int port = NodeCluster.freePorts(1).getFirst();
    Path rings = Files.createDirectories(directory.resolve("rings"));
    RingFile.write(rings.resolve("object.ring.gz"), ring(names, port));
    RingFile.write(rings.resolve("container.ring.gz"), ring(names, NOBODY));
    RingFile.write(rings.resolve("account.ring.gz"), ring(names, NOBODY));
    Files.writeString(
        directory.resolve("cluster.toml"),
        """
        [cluster]
        hash_suffix = "of the test"
        secret = "a secret of the test that is long"
        backend_auth = "none"
        ring_directory = "rings"
        """);
    Files.writeString(
        directory.resolve("object-server.toml"),
        """
        [server]
        port = %d
        drain_grace = "0 s"
        drain = "1 s"
        [devices]
        root = "%s"
        mount_check = %s
        [outbox]
        answer_wait = "1 ms"
        bypass = "1 min"
        [store]
        %s
        """
            .formatted(port, devices, mountCheck, store));
    return new ObjectServerProcess(directory, port);
  }

  private static Ring ring(List<String> names, int port) {
    List<RingDevice> devices = new ArrayList<>();
    int[][] rows = new int[1][256];
    for (int i = 0; i < names.size(); i++) {
      devices.add(RingDevice.of(new DeviceId(i), 1, 1, "127.0.0.1", port, names.get(i), 100));
    }
    for (int partition = 0; partition < rows[0].length; partition++) {
      rows[0][partition] = partition % names.size();
    }
    return Ring.of(8, devices, rows, 1);
  }

  /// As an operator does once for each disk.
  void initDevice(Path device) {
    try (MartletProcess made =
        MartletProcess.start(
            "init-device",
            "--no-mount-check",
            "--cluster",
            directory.resolve("cluster.toml").toString(),
            device.toString())) {
      if (made.exitCode() != 0) {
        throw new AssertionError("init-device printed:\n" + made.output());
      }
    }
  }

  /// Starts it and does not wait.
  MartletProcess launch() {
    process =
        MartletProcess.start("object-server", directory.resolve("object-server.toml").toString());
    return process;
  }

  MartletProcess start() {
    MartletProcess started = launch();
    started.await(READY);
    return started;
  }

  MartletProcess process() {
    if (process == null) {
      throw new IllegalStateException("it was not started");
    }
    return process;
  }

  /// An answer of the server.
  record Answer(int status, Map<String, List<String>> headers, byte[] body) {
    String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> header.getValue().getFirst())
          .findFirst()
          .orElse("");
    }

    String text() {
      return new String(body, java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  /// Sends a request as it is.
  Answer send(String method, String target, byte[] body, String... headers) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
            .timeout(PATIENCE)
            .method(
                method,
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), response.headers().map(), response.body());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  Answer get(String target) throws IOException {
    return send("GET", target, new byte[0]);
  }

  Answer put(String target, String timestamp, byte[] body) throws IOException {
    return send("PUT", target, body, "X-Timestamp", timestamp, "Content-Type", "text/plain");
  }

  /// What `/recon/martlet/devices` tells of one of its devices.
  JsonNode device(String name) throws IOException {
    Answer answer = get("/recon/martlet/devices");
    for (JsonNode device : json.readTree(answer.body()).path("devices")) {
      if (device.path("device").asString("").equals(name)) {
        return device;
      }
    }
    throw new AssertionError("no device " + name + " in " + answer.text());
  }

  void kill() {
    process().kill();
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
    client.close();
  }
}
