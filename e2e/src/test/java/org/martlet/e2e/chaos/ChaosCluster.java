package org.martlet.e2e.chaos;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.martlet.e2e.Ext4Image;

/// A proxy and storage nodes, each a process of its own, and what keeps them apart.
///
/// Threads: one at a time.
final class ChaosCluster implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 90_000;

  private final Network network;
  private final Ports ports;
  private final ClusterFiles files;
  private final Backend backend = new Backend();
  private final List<ChaosNode> nodes = new ArrayList<>();
  private @Nullable ServerProcess proxy;

  private ChaosCluster(Network network, Ports ports, ClusterFiles files) {
    this.network = network;
    this.ports = ports;
    this.files = files;
  }

  /// Writes all files, makes the devices, and starts every process.
  static ChaosCluster start(Path root, Network network, ClusterShape shape) throws IOException {
    Ports ports = network.canCut() ? new Ports(6200, 6201, 6202, 8080) : free();
    ClusterFiles files = new ClusterFiles(root, network, ports, shape);
    ChaosCluster cluster = new ChaosCluster(network, ports, files);
    try {
      files.writeConfig();
      files.makeRings(shape.seed());
      List<Path> devices = new ArrayList<>();
      for (int n = 1; n <= shape.nodes(); n++) {
        Medium medium = cluster.medium(n, shape.images());
        cluster.nodes.add(new ChaosNode(n, files, network.prefix(n), medium, shape.separate()));
        devices.add(files.device(n, "d1"));
        devices.add(Files.createDirectories(files.device(n, "d2")));
      }
      files.initDevices(devices);
      cluster.nodes.forEach(node -> node.launch(Map.of()));
      cluster.launchProxy();
      cluster.awaitWell();
      return cluster;
    } catch (IOException | RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private Medium medium(int n, boolean images) throws IOException {
    Path device = files.device(n, "d1");
    return images && Ext4Image.missing().isEmpty()
        ? Medium.image(files.member(n).resolve("d1.img"), device)
        : Medium.directory(device);
  }

  /// Ports that nobody listens on, on any address.
  private static Ports free() throws IOException {
    int[] ports = new int[4];
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < ports.length; i++) {
        ServerSocket socket = new ServerSocket();
        held.add(socket);
        socket.bind(new InetSocketAddress(0));
        ports[i] = socket.getLocalPort();
      }
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
    return new Ports(ports[0], ports[1], ports[2], ports[3]);
  }

  ClusterFiles files() {
    return files;
  }

  Network network() {
    return network;
  }

  int size() {
    return nodes.size();
  }

  ChaosNode node(int number) {
    return nodes.get(number - 1);
  }

  String url() {
    return "http://" + network.address(0) + ":" + ports.proxy();
  }

  String objectAddress(int node) {
    return network.address(node) + ":" + ports.object();
  }

  Backend backend() {
    return backend;
  }

  void launchProxy() {
    proxy =
        ServerProcess.start(
            network.prefix(0),
            Map.of(),
            files.root().resolve("proxy.log"),
            List.of("proxy-server", files.member(0).resolve("proxy-server.toml").toString()));
  }

  void killProxy() {
    if (proxy != null) {
      proxy.kill();
    }
  }

  /// Waits until every process answers.
  ///
  /// @throws AssertionError if one ended by itself or does not come up
  void awaitWell() {
    boolean well =
        Pause.until(
            PATIENCE_MILLIS,
            () -> {
              nodes.forEach(ChaosCluster::mustLive);
              return backend.isWell(network.address(0) + ":" + ports.proxy())
                  && nodes.stream().allMatch(this::isWell);
            });
    if (!well) {
      throw new AssertionError("not every server answers; logs are in " + files.root());
    }
  }

  private static void mustLive(ChaosNode node) {
    if (!node.isAlive()) {
      throw new AssertionError("node" + node.number() + " ended by itself, see " + node.log());
    }
  }

  private boolean isWell(ChaosNode node) {
    String address = network.address(node.number()) + ":";
    return backend.isWell(address + ports.object())
        && backend.isWell(address + ports.container())
        && backend.isWell(address + ports.account());
  }

  @Override
  public void close() {
    if (proxy != null) {
      proxy.close();
    }
    nodes.forEach(ChaosNode::close);
    network.close();
  }
}
