package org.martlet.e2e.chaos;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One storage node: its process, or one for objects and one for listings, and the disk of its
/// first device.
///
/// Threads: one at a time.
final class ChaosNode implements AutoCloseable {
  static final String ALL = "node";
  static final String OBJECTS = "object-server";
  static final String LISTINGS = "container-server";

  private final int number;
  private final ClusterFiles files;
  private final List<String> prefix;
  private final Medium medium;
  private final boolean separate;
  private final Map<String, ServerProcess> processes = new TreeMap<>();

  ChaosNode(int number, ClusterFiles files, List<String> prefix, Medium medium, boolean separate) {
    this.number = number;
    this.files = files;
    this.prefix = prefix;
    this.medium = medium;
    this.separate = separate;
  }

  int number() {
    return number;
  }

  Medium medium() {
    return medium;
  }

  /// Of a node that is one process.
  ServerProcess process() {
    return process(ALL);
  }

  ServerProcess process(String which) {
    ServerProcess process = processes.get(which);
    if (process == null) {
      throw new IllegalStateException("node" + number + " never started " + which);
    }
    return process;
  }

  Path log() {
    return files.root().resolve("node" + number + ".log");
  }

  /// Starts what is not running and does not wait.
  void launch(Map<String, String> environment) {
    for (String which : separate ? List.of(OBJECTS, LISTINGS) : List.of(ALL)) {
      if (!processes.containsKey(which) || !processes.get(which).isAlive()) {
        processes.put(
            which,
            ServerProcess.start(prefix, environment, log(), List.of(which, argument(which))));
      }
    }
  }

  private String argument(String which) {
    Path directory = files.member(number);
    return (which.equals(ALL) ? directory : directory.resolve(which + ".toml")).toString();
  }

  void kill() {
    processes.values().forEach(ServerProcess::kill);
  }

  boolean isAlive() {
    return !processes.isEmpty() && processes.values().stream().allMatch(ServerProcess::isAlive);
  }

  @Override
  public void close() {
    processes.values().forEach(ServerProcess::close);
    medium.close();
  }
}
