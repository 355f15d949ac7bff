package org.martlet.e2e.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The [Checker] in a JVM of its own, as the controller talks to it.
///
/// Threads: one at a time.
final class CheckerProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 600;
  private static final String END = "end of output";

  private final Process process;
  private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
  private final List<String> findings = Collections.synchronizedList(new ArrayList<>());
  private volatile String figures = "";

  private CheckerProcess(Process process) {
    this.process = process;
    Thread.ofPlatform().daemon().name("output-of-checker").start(this::read);
  }

  static CheckerProcess start(ChaosCluster cluster, ChaosOptions options) throws IOException {
    Path root = cluster.files().root();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Checker.class.getName(),
                cluster.url(),
                cluster.files().rings().toString(),
                root.resolve("history.log").toString(),
                Long.toString(options.seed()),
                Integer.toString(options.clients()),
                Integer.toString(options.names()))
            .redirectError(root.resolve("checker.log").toFile())
            .start();
    CheckerProcess checker = new CheckerProcess(process);
    try {
      checker.awaitDone("begin");
      return checker;
    } catch (RuntimeException | Error e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("finding ")) {
          findings.add(line.substring("finding ".length()));
        } else if (line.startsWith("figures ")) {
          figures = line.substring("figures ".length());
        } else {
          done.add(line);
        }
      }
    } catch (IOException e) {
      findings.add("CHECKER: " + e);
    }
    done.add(END);
  }

  /// Returns once the checker has done it; [#findings] has all that it found.
  void tell(String command) {
    try {
      process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new AssertionError("the checker is gone, see checker.log", e);
    }
    awaitDone(command.split(" ", 2)[0]);
  }

  private void awaitDone(String command) {
    try {
      String line = done.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!("done " + command).equals(line)) {
        throw new AssertionError("the checker says " + line + " to " + command);
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  void grade(Grade grade) {
    tell("grade " + grade);
  }

  List<String> findings() {
    synchronized (findings) {
      return List.copyOf(findings);
    }
  }

  String figures() {
    tell("figures");
    return figures;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
