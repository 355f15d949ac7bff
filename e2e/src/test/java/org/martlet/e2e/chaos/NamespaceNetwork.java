package org.martlet.e2e.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.martlet.e2e.Ext4Image;
import org.martlet.e2e.MartletProcess;

/// Every member is a host of its own: a network namespace on one bridge. The machine itself, with
/// controller and checker, is on the bridge as well and never cut off.
///
/// One way is cut by a wrong hardware address of the peer in the sender's neighbour table: frames
/// go to nobody, in silence, also those of open connections.
final class NamespaceNetwork implements Network {
  private static final String NOBODY = "02:00:00:00:00:01";

  private record Cut(int from, int to) {}

  private final String name;
  private final int subnet;
  private final int members;
  private final Set<Cut> cuts = new HashSet<>();

  private NamespaceNetwork(String name, int subnet, int members) {
    this.name = name;
    this.subnet = subnet;
    this.members = members;
  }

  /// Why there can be none here; empty where there can.
  static Optional<String> missing() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("network namespaces need root");
    }
    if (!Ext4Image.isInstalled("ip")) {
      return Optional.of("ip is not installed");
    }
    String probe = "mt" + ProcessHandle.current().pid();
    if (run("ip", "netns", "add", probe).exitCode() != 0) {
      return Optional.of("network namespaces cannot be made here");
    }
    boolean bridged = run("ip", "link", "add", probe, "type", "bridge").exitCode() == 0;
    run("ip", "link", "del", probe);
    run("ip", "netns", "del", probe);
    return bridged ? Optional.empty() : Optional.of("bridges cannot be made here");
  }

  private static MartletProcess.Finished run(String... command) {
    return MartletProcess.run(List.of(command), Path.of("/"));
  }

  private static void must(String... command) {
    MartletProcess.Finished finished = run(command);
    if (finished.exitCode() != 0) {
      throw new IllegalStateException(List.of(command) + " printed: " + finished.output());
    }
  }

  /// @param members with the proxy
  static NamespaceNetwork create(int members) {
    long pid = ProcessHandle.current().pid();
    NamespaceNetwork network = new NamespaceNetwork("mt" + pid, 1 + (int) (pid % 250), members);
    try {
      network.build();
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
    return network;
  }

  private void build() {
    must("ip", "link", "add", name, "type", "bridge");
    must("ip", "addr", "add", "10.177." + subnet + ".1/24", "dev", name);
    must("ip", "link", "set", name, "up");
    for (int member = 0; member < members; member++) {
      String space = space(member);
      must("ip", "netns", "add", space);
      String outside = name + "v" + member;
      must("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", space);
      must("ip", "link", "set", outside, "master", name, "up");
      must("ip", "-n", space, "addr", "add", address(member) + "/24", "dev", "eth0");
      must("ip", "-n", space, "link", "set", "eth0", "up");
      must("ip", "-n", space, "link", "set", "lo", "up");
    }
  }

  private String space(int member) {
    return name + "n" + member;
  }

  @Override
  public String address(int member) {
    return "10.177." + subnet + "." + (10 + member);
  }

  @Override
  public List<String> prefix(int member) {
    // Not "ip netns exec": that gives each process mounts of its own, which keep disks busy.
    return List.of("nsenter", "--net=/run/netns/" + space(member));
  }

  @Override
  public boolean canCut() {
    return true;
  }

  @Override
  public void cut(int from, int to) {
    neighbour(from, "replace", to, List.of("lladdr", NOBODY, "nud", "permanent"));
    cuts.add(new Cut(from, to));
  }

  private void neighbour(int from, String what, int to, List<String> more) {
    List<String> command =
        new ArrayList<>(
            List.of("ip", "-n", space(from), "neigh", what, address(to), "dev", "eth0"));
    command.addAll(more);
    must(command.toArray(String[]::new));
  }

  @Override
  public void heal() {
    for (Cut cut : cuts) {
      neighbour(cut.from(), "del", cut.to(), List.of());
    }
    cuts.clear();
  }

  @Override
  public void close() {
    for (int member = 0; member < members; member++) {
      run("ip", "netns", "del", space(member));
      run("ip", "link", "del", name + "v" + member);
    }
    run("ip", "link", "del", name);
  }
}
