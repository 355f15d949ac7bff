package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Swift's own `swift-recon`, of Debian's package `swift`, on a running cluster and its ring files.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SwiftReconIT {
  private static final Path PROGRAM = Path.of("/usr/bin/swift-recon");

  /// It compares this one, whatever `--swiftdir` says.
  private static final Path CONF = Path.of("/etc/swift/swift.conf");

  private Path swiftDirectory;
  private LocalCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    assumeTrue(
        Files.isExecutable(PROGRAM) && Files.isReadable(CONF),
        "swift-recon is not installed (Debian's package swift has it): this test is skipped");
    cluster = LocalCluster.up(directory.resolve("data"));
    swiftDirectory = Files.createDirectory(directory.resolve("swift"));
    Files.writeString(
        swiftDirectory.resolve("swift.conf"), "[swift-hash]\nswift_hash_path_suffix = any\n");
    try (Stream<Path> rings = Files.list(cluster.data().resolve("rings"))) {
      for (Path ring : rings.filter(file -> file.toString().endsWith(".ring.gz")).toList()) {
        Files.copy(ring, swiftDirectory.resolve(ring.getFileName()));
      }
    }
    SwiftClient client = cluster.client();
    client.createContainer("c");
    assertThat(client.put("/c/o", new byte[70_000]).statusCode()).isEqualTo(201);
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private String recon(String... arguments) {
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-v", "--swiftdir", swiftDirectory.toString()));
    MartletProcess.Finished finished = MartletProcess.run(command, null);
    assertThat(finished.exitCode()).as(finished.output()).isZero();
    assertThat(finished.output())
        .doesNotContain("Traceback", "HTTP Error", "doesn't match", "Invalid", "Error:", "!!")
        .doesNotContain("Not mounted", "Device errors");
    return finished.output();
  }

  @Test
  void checksTheObjectServers() {
    String output = recon("object", "--all");
    assertThat(output)
        .contains("[async_pending] low: 0, high: 0")
        .contains("[quarantined_objects] low: 0, high: 0")
        .contains("[quarantined_objects_0] low: 0, high: 0")
        .contains("[drive_audit_errors] low: 0, high: 0")
        .contains("[ALL_errors_last_path] low: 0, high: 0")
        .contains("[ALL_quarantined_last_path] low: 0, high: 0")
        .contains("[replication_failure] low: 0, high: 0")
        .contains("[updater_last_sweep] low: ")
        .containsPattern("\\[tcp_in_use\\] low: [1-9]")
        .containsPattern("\\[5m_load_avg\\] low: ")
        .containsPattern("Disk usage: space used: [1-9][0-9]* of [1-9]")
        .contains("1/1 hosts ok, 0 error[s] while checking hosts.")
        .contains("Versions matched (");
    assertAllMatched(output);
  }

  @Test
  void checksTheContainerServers() {
    String output = recon("container", "--all");
    assertThat(output)
        .contains("[quarantined_containers] low: 0, high: 0")
        .contains("[replication_failure] low: 0, high: 0")
        .contains("1/1 hosts ok, 0 error[s] while checking hosts.");
    assertAllMatched(output);
  }

  @Test
  void checksTheAccountServers() {
    String output = recon("account", "--all");
    assertThat(output)
        .contains("[quarantined_accounts] low: 0, high: 0")
        .contains("1/1 hosts ok, 0 error[s] while checking hosts.");
    assertAllMatched(output);
  }

  /// Ring files, `swift.conf`, clock.
  private static void assertAllMatched(String output) {
    assertThat(output.lines().filter(line -> line.startsWith("1/1 hosts matched, 0 error[s]")))
        .hasSize(3);
  }

  private static byte[] emptyMember() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new GZIPOutputStream(bytes).close();
    return bytes.toByteArray();
  }

  @Test
  void tellsARingThatIsNotTheOperators() throws IOException {
    Path other = Files.createDirectory(swiftDirectory.resolveSibling("other"));
    for (String name : List.of("object.ring.gz", "swift.conf")) {
      Files.copy(swiftDirectory.resolve(name), other.resolve(name));
    }
    // The same ring in other bytes: gzip takes what stands behind one member as another.
    Path ring = other.resolve("object.ring.gz");
    Files.write(ring, emptyMember(), StandardOpenOption.APPEND);
    MartletProcess.Finished finished =
        MartletProcess.run(
            List.of(PROGRAM.toString(), "object", "--md5", "--swiftdir", other.toString()), null);
    assertThat(finished.output()).contains("object.ring.gz").contains("doesn't match on disk");
  }
}
