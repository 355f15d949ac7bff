package org.martlet.e2e.operations;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.martlet.e2e.Ext4Image;
import org.martlet.e2e.MartletProcess;

/// The machines of `machines.sh`: 10.0.0.11 and so on, each with two empty disks.
///
/// They live as long as their first process does, which ends with this one, however it ends.
final class Machines implements AutoCloseable {
  private static final List<String> PROGRAMS =
      List.of("unshare", "nsenter", "ip", "losetup", "mkfs.ext4", "mkfs.xfs", "setpriv", "curl");

  /// Of a block that waits for something.
  private static final String PATIENCE_SECONDS = "600";

  /// Processes here live for seconds.
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private final Process all;
  private final Path home;
  private final Map<String, String> pids = new HashMap<>();

  private Machines(Process all, Path home) {
    this.all = all;
    this.home = home;
  }

  /// Why there can be none here; empty where there can.
  static Optional<String> missing() {
    Optional<String> disks = Ext4Image.missing();
    if (disks.isPresent()) {
      return disks;
    }
    for (String program : PROGRAMS) {
      if (!Ext4Image.isInstalled(program)) {
        return Optional.of(program + " is not installed");
      }
    }
    for (String program : List.of("systemd-sysusers", "systemd-tmpfiles")) {
      if (!Ext4Image.isInstalled(program)) {
        return Optional.of(program + " is not installed");
      }
    }
    MartletProcess.Finished probe =
        MartletProcess.run(
            List.of("unshare", "--mount", "--net", "--pid", "--fork", "ip", "link"), null);
    return probe.exitCode() == 0
        ? Optional.empty()
        : Optional.of("there are no namespaces here: " + probe.output());
  }

  /// @param directory where their files are; on a file system that an overlay can be written to
  static Machines start(Path directory, List<String> names) throws IOException {
    Path home = MartletProcess.home();
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "--net",
                "--pid",
                "--fork",
                "--kill-child",
                "--propagation",
                "private",
                home.resolve("e2e/src/test/resources/operations/machines.sh").toString(),
                directory.toString()));
    command.addAll(names);
    Process all = new ProcessBuilder(command).redirectErrorStream(true).start();
    Machines machines = new Machines(all, home);
    try {
      machines.awaitReady(directory, names);
    } catch (IOException | RuntimeException e) {
      machines.close();
      throw e;
    }
    return machines;
  }

  private void awaitReady(Path directory, List<String> names) throws IOException {
    StringBuilder said = new StringBuilder();
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(all.getInputStream(), StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      said.append(line).append('\n');
      String[] words = line.split(" ");
      if (words[0].equals("machine")) {
        pids.put(words[1], words[2]);
      } else if (line.equals("ready")) {
        return;
      }
    }
    for (String name : names) {
      Path log = directory.resolve(name + ".log");
      said.append(Files.exists(log) ? Files.readString(log) : "");
    }
    throw new IOException("the machines did not start: " + said);
  }

  /// Runs commands as root in the checkout, which every machine sees, until the first that fails;
  /// exit code 124 if that takes minutes.
  MartletProcess.Finished run(String machine, String commands) {
    String first =
        all.children()
            .findFirst()
            .map(process -> Long.toString(process.pid()))
            .orElseThrow(() -> new IllegalStateException("the machines have ended"));
    return MartletProcess.run(
        List.of(
            "nsenter",
            "--target=" + first,
            "--mount",
            "--net",
            "--pid",
            "nsenter",
            "--target=" + pids.get(machine),
            "--mount",
            "--net",
            "--uts",
            "--root",
            "env",
            "-i",
            "HOME=/root",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "MARTLET_BUILD=never",
            "MARTLET_JVM_OPTS=" + QUICK_START,
            "timeout",
            PATIENCE_SECONDS,
            "bash",
            "-eu",
            "-c",
            "cd " + home + "\n" + commands),
        null);
  }

  @Override
  public void close() {
    try {
      all.getOutputStream().close();
      if (!all.waitFor(20, TimeUnit.SECONDS)) {
        all.destroyForcibly();
      }
    } catch (IOException e) {
      all.destroyForcibly();
    } catch (InterruptedException e) {
      all.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
