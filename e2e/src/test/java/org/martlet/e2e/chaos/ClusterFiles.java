package org.martlet.e2e.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.martlet.e2e.MartletProcess;

/// Everything that is written for a cluster before it starts, and its rings.
///
/// Each member has its own copy of the rings, so that they can reach it late. Every node has two
/// devices; the second ones have no weight at first, a change of the rings gives them some.
final class ClusterFiles {
  static final List<String> SERVICES = List.of("object", "container", "account");
  static final String SECRET = "a secret of the chaos that is long";
  static final String HASH_SUFFIX = "of the chaos";
  static final int PART_POWER = 7;

  private static final String REPLICATION =
      """
      [replication]
      interval = "3 s"
      response_timeout = "5 s"
      idle_timeout = "5 s"
      [expirer]
      interval = "2 s"
      grace = "2 s"
      [account_reaper]
      interval = "2 s"
      [reconciler]
      interval = "2 s"
      """;

  private final Path root;
  private final Network network;
  private final Ports ports;
  private final int nodes;
  private final int policies;

  ClusterFiles(Path root, Network network, Ports ports, ClusterShape shape) {
    this.root = root;
    this.network = network;
    this.ports = ports;
    this.nodes = shape.nodes();
    this.policies = shape.policies();
  }

  Path root() {
    return root;
  }

  /// Where what was given to everybody lies.
  Path rings() {
    return root.resolve("rings");
  }

  Path member(int member) {
    return root.resolve(member == 0 ? "proxy" : "node" + member);
  }

  Path device(int node, String name) {
    return member(node).resolve("devices").resolve(name);
  }

  static void martlet(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(MartletProcess.home() + "/martlet"));
    command.addAll(arguments);
    MartletProcess.Finished finished = MartletProcess.run(command, null);
    if (finished.exitCode() > 1) {
      throw new AssertionError(command + " printed:\n" + finished.output());
    }
  }

  void ringBuilder(String service, String... arguments) {
    List<String> command = new ArrayList<>(List.of("ring-builder"));
    command.add(rings().resolve(service + ".builder").toString());
    command.addAll(List.of(arguments));
    martlet(command);
  }

  /// One ring for each service, and for each further policy another of objects.
  private List<String> ringNames() {
    List<String> names = new ArrayList<>(SERVICES);
    for (int policy = 1; policy < policies; policy++) {
      names.add(ringName(policy));
    }
    return names;
  }

  /// Of a policy's objects.
  static String ringName(int policy) {
    return policy == 0 ? "object" : "object-" + policy;
  }

  /// What clients write in `X-Storage-Policy`.
  static String policyName(int policy) {
    return "Policy-" + policy;
  }

  void makeRings(long seed) throws IOException {
    Files.createDirectories(rings());
    for (String service : ringNames()) {
      ringBuilder(service, "create", "" + PART_POWER, "3", "0");
      List<String> add = new ArrayList<>(List.of("add"));
      for (String device : List.of("d1", "d2")) {
        for (int n = 1; n <= nodes; n++) {
          String address = network.address(n) + ":" + ports.of(service);
          add.addAll(
              List.of("r1z" + n + "-" + address + "/" + device, device.equals("d1") ? "100" : "0"));
        }
      }
      ringBuilder(service, add.toArray(String[]::new));
      ringBuilder(service, "rebalance", "" + seed);
    }
    for (int member = 0; member <= nodes; member++) {
      giveRings(member);
    }
  }

  /// Copies the rings as they are now to one member, each in one step.
  void giveRings(int member) throws IOException {
    Path to = Files.createDirectories(member(member).resolve("rings"));
    for (String service : ringNames()) {
      String name = service + ".ring.gz";
      Path arriving = to.resolve(name + ".arriving");
      Files.copy(rings().resolve(name), arriving, StandardCopyOption.REPLACE_EXISTING);
      Files.move(
          arriving,
          to.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// Whether a member has the rings as they are now.
  boolean hasRings(int member) throws IOException {
    for (String service : ringNames()) {
      String name = service + ".ring.gz";
      if (Files.mismatch(rings().resolve(name), member(member).resolve("rings").resolve(name))
          >= 0) {
        return false;
      }
    }
    return true;
  }

  void writeConfig() throws IOException {
    for (int member = 0; member <= nodes; member++) {
      Files.createDirectories(member(member));
      Files.writeString(
          member(member).resolve("cluster.toml"),
          """
          [cluster]
          hash_suffix = "%s"
          secret = "%s"
          ring_directory = "rings"
          """
                  .formatted(HASH_SUFFIX, SECRET)
              + policyTables());
    }
    Files.writeString(member(0).resolve("proxy-server.toml"), proxy());
    for (int n = 1; n <= nodes; n++) {
      Files.writeString(member(n).resolve("object-server.toml"), objects(n));
      Files.writeString(member(n).resolve("container-server.toml"), listings(n));
      Files.writeString(member(n).resolve("replicator.toml"), REPLICATION);
    }
  }

  private String policyTables() {
    StringBuilder tables = new StringBuilder();
    for (int policy = 0; policy < policies; policy++) {
      tables.append(
          """
          [[storage_policy]]
          index = %d
          name = "%s"
          default = %b
          """
              .formatted(policy, policyName(policy), policy == 0));
    }
    return tables.toString();
  }

  private String proxy() {
    return """
        [listen]
        bind_ip = "%s"
        bind_port = %d
        max_connections = 256
        [client_api]
        access_log = false
        allow_account_management = true
        [backend]
        node_timeout = "4 s"
        error_suppression_interval = "5 s"
        [tempauth]
        [[tempauth.user]]
        account = "test"
        user = "tester"
        key = "testing"
        groups = [".admin"]
        [[tempauth.user]]
        account = "admin"
        user = "admin"
        key = "admin"
        groups = [".reseller_admin"]
        """
        .formatted(network.address(0), ports.proxy());
  }

  private String objects(int n) {
    return """
        [server]
        host = "%s"
        port = %d
        max_connections = 256
        drain_grace = "0 s"
        drain = "2 s"
        [devices]
        root = "%s"
        mount_check = false
        [memory]
        incoming = "32 MiB"
        outgoing = "64 MiB"
        [store]
        volume_limit = "16 MiB"
        inline_limit = "64 KiB"
        compaction_interval = "5 s"
        leaf_bits = %d
        [outbox]
        interval = "1 s"
        retry_max = "5 s"
        bypass = "2 s"
        """
        .formatted(network.address(n), ports.object(), member(n).resolve("devices"), PART_POWER);
  }

  private String listings(int n) {
    return """
        [server]
        host = "%s"
        container_port = %d
        account_port = %d
        max_connections = 256
        drain_grace = "0 s"
        drain = "2 s"
        [devices]
        root = "%s"
        mount_check = false
        [requests]
        batch_memory = "16 MiB"
        [reports]
        interval = "1 s"
        """
        .formatted(
            network.address(n), ports.container(), ports.account(), member(n).resolve("devices"));
  }

  /// As an operator does once for each disk. The cluster is the same on all machines.
  void initDevices(List<Path> devices) {
    List<String> command = new ArrayList<>(List.of("init-device", "--no-mount-check", "--cluster"));
    command.add(member(0).resolve("cluster.toml").toString());
    devices.forEach(device -> command.add(device.toString()));
    martlet(command);
  }
}
