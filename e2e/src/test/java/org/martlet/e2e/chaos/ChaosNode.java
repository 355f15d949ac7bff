package org.martlet.e2e.chaos;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One storage node: its process, and the disk of its first device.
///
/// Threads: one at a time.
final class ChaosNode implements AutoCloseable {
  private final int number;
  private final ClusterFiles files;
  private final List<String> prefix;
  private final Medium medium;
  private @Nullable ServerProcess process;

  ChaosNode(int number, ClusterFiles files, List<String> prefix, Medium medium) {
    this.number = number;
    this.files = files;
    this.prefix = prefix;
    this.medium = medium;
  }

  int number() {
    return number;
  }

  Medium medium() {
    return medium;
  }

  ServerProcess process() {
    if (process == null) {
      throw new IllegalStateException("node" + number + " was never started");
    }
    return process;
  }

  Path log() {
    return files.root().resolve("node" + number + ".log");
  }

  /// Starts it and does not wait.
  void launch(Map<String, String> environment) {
    process =
        ServerProcess.start(
            prefix, environment, log(), List.of("node", files.member(number).toString()));
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
    medium.close();
  }
}
