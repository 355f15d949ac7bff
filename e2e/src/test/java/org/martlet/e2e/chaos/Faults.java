package org.martlet.e2e.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.martlet.e2e.Ext4Image;

/// Breaks a cluster and mends it again.
///
/// Threads: one at a time.
final class Faults {
  private static final Path FAKETIME =
      Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");
  private static final int SKEW_SECONDS = 120;

  private final ChaosCluster cluster;
  private final RingChanges rings;
  private final Map<Fault, Process> injecting = new HashMap<>();

  Faults(ChaosCluster cluster) {
    this.cluster = cluster;
    this.rings = new RingChanges(cluster);
  }

  /// What this machine has; what the cluster has is for the caller to add.
  static Set<FaultKind.Need> present(Network network) {
    Set<FaultKind.Need> present = EnumSet.noneOf(FaultKind.Need.class);
    if (network.canCut()) {
      present.add(FaultKind.Need.NAMESPACES);
    }
    if (Ext4Image.missing().isEmpty()) {
      present.add(FaultKind.Need.IMAGE);
    }
    if (Ext4Image.isInstalled("strace")) {
      present.add(FaultKind.Need.STRACE);
    }
    if (Files.exists(FAKETIME)) {
      present.add(FaultKind.Need.FAKETIME);
    }
    return present;
  }

  void begin(Fault fault) throws IOException {
    switch (fault.kind()) {
      case KILL, WIPE, POWER -> process(fault).kill();
      case RESTART -> process(fault).stop();
      case FREEZE -> process(fault).freeze();
      case ISOLATE, DEAF, MUTE, ESTRANGE -> cut(fault);
      case FULL -> node(fault).medium().fill();
      case READ_ONLY -> node(fault).medium().breakFileSystem();
      case EIO -> injecting.put(fault, failSyncs(fault));
      case SKEW -> skew(fault);
      case ROT -> rot(fault);
      case PROXY -> cluster.killProxy();
      case RING -> rings.change(fault.seed());
    }
  }

  /// Undoes it; processes that were started are not waited for.
  void end(Fault fault) throws IOException {
    switch (fault.kind()) {
      case KILL, RESTART, ROT -> launch(fault);
      case FREEZE -> process(fault).thaw();
      case ISOLATE, DEAF, MUTE, ESTRANGE -> cluster.network().heal();
      case FULL -> node(fault).medium().release();
      case READ_ONLY -> {
        process(fault).kill();
        node(fault).medium().remount();
        launch(fault);
      }
      case POWER -> {
        node(fault).medium().cutPower();
        launch(fault);
      }
      case EIO -> {
        injecting.remove(fault).destroy();
        process(fault).kill();
        launch(fault);
      }
      case SKEW -> {
        process(fault).kill();
        launch(fault);
      }
      case WIPE -> {
        node(fault).medium().replace();
        cluster.files().initDevices(List.of(node(fault).medium().path()));
        launch(fault);
      }
      case PROXY -> cluster.launchProxy();
      case RING -> {
        // The rings stay as they are now.
      }
    }
  }

  private ChaosNode node(Fault fault) {
    return cluster.node(fault.node());
  }

  private ServerProcess process(Fault fault) {
    return node(fault).process();
  }

  private void launch(Fault fault) {
    if (!node(fault).isAlive()) {
      node(fault).launch(Map.of());
    }
  }

  private void cut(Fault fault) {
    int victim = fault.node();
    if (fault.kind() == FaultKind.ESTRANGE) {
      cluster.network().cut(victim, victim % cluster.size() + 1);
      return;
    }
    for (int other = 0; other <= cluster.size(); other++) {
      if (other != victim && fault.kind() != FaultKind.DEAF) {
        cluster.network().cut(victim, other);
      }
      if (other != victim && fault.kind() != FaultKind.MUTE) {
        cluster.network().cut(other, victim);
      }
    }
  }

  /// Two servers may be five minutes apart, so each may be two away from the right time.
  private void skew(Fault fault) {
    process(fault).kill();
    int seconds = new Random(fault.seed()).nextInt(30, SKEW_SECONDS);
    String sign = fault.seed() % 2 == 0 ? "+" : "-";
    node(fault)
        .launch(
            Map.of(
                "LD_PRELOAD",
                FAKETIME.toString(),
                "FAKETIME",
                sign + seconds + "s",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "NO_FAKE_STAT",
                "1"));
  }

  private Process failSyncs(Fault fault) throws IOException {
    Path volumes = node(fault).medium().path().resolve("volumes");
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-q", "-o", "/dev/null"));
    command.addAll(List.of("-p", Long.toString(process(fault).pid())));
    try (Stream<Path> all = Files.list(volumes)) {
      all.sorted().toList().forEach(file -> command.addAll(List.of("-P", file.toString())));
    }
    command.addAll(List.of("-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO"));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /// Half of the time the device is not open meanwhile.
  private void rot(Fault fault) throws IOException {
    Random random = new Random(fault.seed());
    if (random.nextBoolean()) {
      process(fault).kill();
    }
    Rot.turnOver(node(fault).medium().path(), random);
  }
}
