package org.martlet.e2e;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// A proxy and storage nodes as processes of their own, started from the samples in `etc/` as an
/// operator would: rings by `ring-builder`, files edited, one command each.
///
/// Node n has the address 127.0.0.n, so that the rings see servers apart.
final class NodeCluster implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("ready");

  private final Path root;
  private final int nodes;
  private final int objectPort;
  private final int containerPort;
  private final int accountPort;
  private final int proxyPort;
  private final int metricsPort;
  private final Map<String, MartletProcess> running = new LinkedHashMap<>();

  private NodeCluster(Path root, int nodes) throws IOException {
    this.root = root;
    this.nodes = nodes;
    List<Integer> ports = freePorts(nodes);
    this.objectPort = ports.get(0);
    this.containerPort = ports.get(1);
    this.accountPort = ports.get(2);
    this.proxyPort = ports.get(3);
    this.metricsPort = ports.get(4);
  }

  /// Writes all files and rings, and starts every process.
  static NodeCluster start(Path root, int nodes) throws IOException {
    NodeCluster cluster = new NodeCluster(root, nodes);
    cluster.writeRings();
    for (int n = 1; n <= nodes; n++) {
      cluster.writeNode(n);
    }
    cluster.writeProxy();
    for (int n = 1; n <= nodes; n++) {
      cluster.startNode(n);
    }
    cluster.startProxy();
    cluster.running.values().forEach(process -> process.await(READY));
    return cluster;
  }

  /// Ports that are free on every node's address.
  static List<Integer> freePorts(int nodes) throws IOException {
    Set<Integer> ports = new HashSet<>();
    while (ports.size() < 5) {
      try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
        int port = probe.getLocalPort();
        if (isFreeOnAll(port, nodes)) {
          ports.add(port);
        }
      }
    }
    return List.copyOf(ports);
  }

  private static boolean isFreeOnAll(int port, int nodes) throws IOException {
    for (int n = 2; n <= nodes; n++) {
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName("127.0.0." + n))) {
        if (probe.getLocalPort() != port) {
          return false;
        }
      } catch (BindException e) {
        return false;
      }
    }
    return true;
  }

  private void writeRings() throws IOException {
    Path rings = Files.createDirectories(root.resolve("rings"));
    Map<String, Integer> ports =
        Map.of("object", objectPort, "container", containerPort, "account", accountPort);
    for (Map.Entry<String, Integer> ring : ports.entrySet()) {
      String builder = rings.resolve(ring.getKey() + ".builder").toString();
      ringBuilder(builder, "create", "8", "3", "1");
      List<String> add = new ArrayList<>(List.of(builder, "add"));
      for (int n = 1; n <= nodes; n++) {
        add.addAll(List.of("r1z" + n + "-127.0.0." + n + ":" + ring.getValue() + "/d1", "100"));
      }
      ringBuilder(add.toArray(String[]::new));
      ringBuilder(builder, "rebalance");
    }
  }

  private static void ringBuilder(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ring-builder"));
    command.addAll(List.of(arguments));
    try (MartletProcess process = MartletProcess.start(command.toArray(String[]::new))) {
      if (process.exitCode() != 0) {
        throw new AssertionError(command + " printed:\n" + process.output());
      }
    }
  }

  /// As an operator does for a machine whose devices are plain directories.
  private static void initDevice(Path clusterFile, Path device) {
    try (MartletProcess process =
        MartletProcess.start(
            "init-device",
            "--cluster",
            clusterFile.toString(),
            "--no-mount-check",
            device.toString())) {
      if (process.exitCode() != 0) {
        throw new AssertionError("init-device printed:\n" + process.output());
      }
    }
  }

  private static String sample(String name) throws IOException {
    return Files.readString(MartletProcess.home().resolve("etc").resolve(name));
  }

  /// Sets a line of a sample, whether it is commented out or not.
  private static String set(String sample, String key, String value) {
    String changed =
        Pattern.compile("(?m)^(# )?" + key + " = .*$")
            .matcher(sample)
            .replaceFirst(key + " = " + value.replace("\\", "\\\\").replace("$", "\\$"));
    if (changed.equals(sample)) {
      throw new AssertionError("the sample has no line for " + key);
    }
    return changed;
  }

  private void writeCluster(Path directory) throws IOException {
    String cluster = sample("cluster.toml");
    cluster = set(cluster, "hash_suffix", "\"of the test\"");
    cluster = set(cluster, "secret", "\"a secret of the test that is long\"");
    cluster = set(cluster, "ring_directory", "\"" + root.resolve("rings") + "\"");
    Files.writeString(directory.resolve("cluster.toml"), cluster);
  }

  private Path directory(String name) {
    return root.resolve(name);
  }

  private void writeNode(int n) throws IOException {
    Path directory = Files.createDirectories(directory("node" + n));
    Path devices = directory.resolve("devices");
    Files.createDirectories(devices.resolve("d1"));
    writeCluster(directory);
    initDevice(directory.resolve("cluster.toml"), devices.resolve("d1"));
    String objects = set(sample("object-server.toml"), "host", "\"127.0.0." + n + "\"");
    objects = set(objects, "port", "" + objectPort);
    objects = set(objects, "mount_check", "false");
    Files.writeString(
        directory.resolve("object-server.toml"), set(objects, "root", "\"" + devices + "\""));
    String listings = set(sample("container-server.toml"), "host", "\"127.0.0." + n + "\"");
    listings = set(listings, "mount_check", "false");
    listings = set(listings, "container_port", "" + containerPort);
    listings = set(listings, "account_port", "" + accountPort);
    Files.writeString(
        directory.resolve("container-server.toml"), set(listings, "root", "\"" + devices + "\""));
  }

  private void writeProxy() throws IOException {
    Path directory = Files.createDirectories(directory("proxy"));
    writeCluster(directory);
    String proxy = set(sample("proxy-server.toml"), "bind_port", "" + proxyPort);
    // The first line of that name that is left is in [metrics].
    proxy =
        set(proxy, "# bind_port", "" + metricsPort)
            .replace("# bind_port = " + metricsPort, "bind_port = " + metricsPort);
    Files.writeString(
        directory.resolve("proxy-server.toml"),
        proxy
            + """

            [[tempauth.user]]
            account = "test"
            user = "tester"
            key = "testing"
            groups = [".admin"]
            """);
  }

  /// Node 1 runs its services as two processes, the others as one.
  private void startNode(int n) {
    Path directory = directory("node" + n);
    if (n == 1) {
      start("node1", "object-server", directory.resolve("object-server.toml").toString());
      start(
          "node1-listings",
          "container-server",
          directory.resolve("container-server.toml").toString());
    } else {
      start("node" + n, "node", directory.toString());
    }
  }

  private void startProxy() {
    start("proxy", "proxy-server", directory("proxy").resolve("proxy-server.toml").toString());
  }

  private void start(String name, String... command) {
    running.put(name, MartletProcess.start(command));
  }

  /// What commands about the cluster are given.
  Path clusterFile() {
    return directory("proxy").resolve("cluster.toml");
  }

  void kill(String name) {
    running.get(name).kill();
  }

  /// Starts a killed node (other than the first) again and waits until it serves.
  void restart(int n) {
    startNode(n);
    running.get("node" + n).await(READY);
  }

  MartletProcess process(String name) {
    return running.get(name);
  }

  String url() {
    return "http://127.0.0.1:" + proxyPort;
  }

  /// Where each process has its metrics, by its name.
  Map<String, String> metrics() {
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("proxy", "127.0.0.1:" + metricsPort);
    pages.put("node1", "127.0.0.1:" + objectPort);
    pages.put("node1-listings", "127.0.0.1:" + containerPort);
    for (int n = 2; n <= nodes; n++) {
      pages.put("node" + n, "127.0.0." + n + ":" + objectPort);
    }
    return pages;
  }

  SwiftClient client() {
    return SwiftClient.login(url(), "test:tester", "testing");
  }

  @Override
  public void close() {
    running.values().forEach(MartletProcess::close);
  }
}
