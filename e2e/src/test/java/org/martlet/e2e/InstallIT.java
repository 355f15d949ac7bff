package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `etc/install` puts on a machine.
class InstallIT {
  private static final Path HOME = MartletProcess.home();

  @TempDir Path machine;

  @Test
  void installsACommandThatRunsAndKeepsConfigurationWhenRepeated() throws IOException {
    install();
    Path config = machine.resolve("etc/martlet/proxy-server.toml");
    Path command = machine.resolve("usr/bin/martlet");
    assertThat(machine.resolve("etc/martlet/cluster.toml")).doesNotExist();
    assertThat(config).hasSameTextualContentAs(HOME.resolve("etc/proxy-server.toml"));
    for (String file : List.of("etc/prometheus/martlet-alerts.yml", "etc/grafana/martlet.json")) {
      assertThat(machine.resolve("usr/share/martlet").resolve(file))
          .hasSameTextualContentAs(HOME.resolve(file));
    }
    assertThat(run(command.toString(), "--version")).startsWith("martlet ");
    assertThat(run(command.toString(), "node", "--help")).contains("Usage: martlet node");
    Files.writeString(config, "# mine\n");
    Files.writeString(machine.resolve("usr/share/martlet/lib/old.jar"), "of an older version");
    install();
    assertThat(config).hasContent("# mine\n");
    assertThat(machine.resolve("usr/share/martlet/lib/old.jar")).doesNotExist();
    assertThat(run(command.toString(), "--version")).startsWith("martlet ");
  }

  @Test
  void theArchiveOfClassesIsOfUseInTheNewPlaceToo() {
    // Made by ./martlet for the very jars it built; mvn may have made others since.
    assumeTrue(archiveIsOfUse(HOME.resolve("martlet")).exitCode() == 0, "there is no archive");
    install();
    MartletProcess.Finished there = archiveIsOfUse(machine.resolve("usr/bin/martlet"));
    assertThat(there.exitCode()).as(there.output()).isZero();
  }

  private static MartletProcess.Finished archiveIsOfUse(Path command) {
    return MartletProcess.run(
        List.of(
            "env",
            "MARTLET_BUILD=never",
            "MARTLET_JVM_OPTS=-Xshare:on",
            command.toString(),
            "--version"),
        null);
  }

  @Test
  void systemdUnderstandsEveryUnit() throws IOException {
    assumeTrue(Ext4Image.isInstalled("systemd-analyze"), "systemd-analyze is not installed");
    install();
    List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no"));
    for (Path unit : files(machine.resolve("usr/lib/systemd/system"))) {
      String here =
          Files.readString(unit).replace("/usr/bin/martlet", machine + "/usr/bin/martlet");
      assertThat(here).contains("ExecStart=" + machine);
      Files.writeString(unit, here);
      command.add(unit.toString());
    }
    assertThat(command).hasSize(3 + 4);
    assertThat(run(command.toArray(String[]::new))).isEmpty();
  }

  @Test
  void theUserAndTheDirectoriesAreMadeAsSystemdReadsThem() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "making a user needs root");
    assumeTrue(Ext4Image.isInstalled("systemd-sysusers"), "systemd-sysusers is not installed");
    install();
    run("systemd-sysusers", "--root=" + machine);
    run("systemd-tmpfiles", "--root=" + machine, "--create", "martlet.conf");
    assertThat(Files.readString(machine.resolve("etc/passwd"))).contains("martlet:x:");
    assertThat(run("stat", "-c", "%a", machine + "/etc/martlet/rings")).isEqualTo("750\n");
    assertThat(run("stat", "-c", "%a", machine + "/etc/martlet/object-server.toml"))
        .isEqualTo("640\n");
    assertThat(machine.resolve("srv/martlet")).isDirectory();
  }

  @Test
  void aWrongCallIsOneClearLine() {
    MartletProcess.Finished finished =
        MartletProcess.run(
            List.of(HOME.resolve("etc/install").toString(), "--destination", "x"), null);
    assertThat(finished.exitCode()).isEqualTo(1);
    assertThat(finished.output())
        .isEqualTo("etc/install: unknown argument --destination; see --help\n");
  }

  @Test
  void everyShellScriptIsSound() throws IOException {
    List<String> scripts = new ArrayList<>();
    for (String name : run("git", "-C", HOME.toString(), "ls-files").split("\n")) {
      Path file = HOME.resolve(name);
      if (Files.isExecutable(file) && Files.readString(file).startsWith("#!/usr/bin/env bash")) {
        scripts.add(file.toString());
      }
    }
    assertThat(scripts).contains(HOME + "/martlet", HOME + "/etc/install");
    for (String script : scripts) {
      assertThat(run("bash", "-n", script)).isEmpty();
    }
    if (Ext4Image.isInstalled("shellcheck")) {
      List<String> command = new ArrayList<>(List.of("shellcheck", "--severity=warning"));
      command.addAll(scripts);
      assertThat(run(command.toArray(String[]::new))).isEmpty();
    }
  }

  private void install() {
    String said =
        run(
            "env",
            "MARTLET_BUILD=never",
            HOME.resolve("etc/install").toString(),
            "--destdir",
            machine.toString());
    assertThat(said).contains("is in " + machine + "/usr/share/martlet");
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static String run(String... command) {
    MartletProcess.Finished finished = MartletProcess.run(List.of(command), null);
    assertThat(finished.exitCode()).as(List.of(command) + "\n" + finished.output()).isZero();
    return finished.output();
  }
}
