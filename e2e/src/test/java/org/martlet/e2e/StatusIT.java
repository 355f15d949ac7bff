package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `martlet status` and `martlet where` on a running cluster of one node.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StatusIT {
  private static final int LOOKS = 30;

  private Path data;
  private LocalCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    data = directory.resolve("data");
    cluster = LocalCluster.up(data);
    SwiftClient client = cluster.client();
    client.createContainer("c");
    byte[] large = new byte[700_000];
    new Random(1).nextBytes(large);
    assertThat(client.put("/c/small", new byte[100]).statusCode()).isEqualTo(201);
    assertThat(client.put("/c/large", large).statusCode()).isEqualTo(201);
    awaitOnAll("/AUTH_test/c/small");
    awaitOnAll("/AUTH_test/c/large");
  }

  /// A write is acknowledged when two of three devices have it.
  private void awaitOnAll(String path) {
    MartletProcess.Finished found = run("where", path);
    for (int look = 1; found.exitCode() != 0 && look < LOOKS; look++) {
      found = run("where", path);
    }
    assertThat(found.exitCode()).as(found.output()).isZero();
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private MartletProcess.Finished run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.addAll(List.of("--cluster", data.resolve("etc").resolve("cluster.toml").toString()));
    try (MartletProcess process = MartletProcess.start(command.toArray(String[]::new))) {
      int code = process.exitCode();
      return new MartletProcess.Finished(code, process.output());
    }
  }

  private static JsonNode json(MartletProcess.Finished finished) {
    return JsonMapper.shared().readTree(finished.output());
  }

  @Test
  void aClusterThatIsWellSaysSoInWordsAndInJson() {
    MartletProcess.Finished words = run("status");
    assertThat(words.exitCode()).as(words.output()).isZero();
    assertThat(words.output())
        .startsWith("The cluster is healthy.")
        .contains("Capacity", "Nodes", "Devices", "Rings", "Replication")
        .doesNotContain("\u001b");
    MartletProcess.Finished finished = run("status", "--json");
    JsonNode status = json(finished);
    assertThat(status.path("format").asInt(0)).isEqualTo(1);
    assertThat(status.path("healthy").asBoolean(false)).isTrue();
    assertThat(status.path("nodes")).hasSize(1);
    assertThat(status.path("nodes").path(0).path("services")).hasSize(3);
    assertThat(status.path("devices")).hasSize(4);
    long copies = 0;
    for (JsonNode device : status.path("devices")) {
      assertThat(device.path("state").asString("")).isEqualTo("online");
      assertThat(device.path("disk").path("size_bytes").asLong(0)).isPositive();
      copies += device.path("objects").asLong(0);
    }
    assertThat(copies).isEqualTo(6);
    JsonNode policy = status.path("capacity").path("policies").path(0);
    assertThat(policy.path("objects").asLong(0)).isEqualTo(2);
    assertThat(policy.path("stored_bytes").asLong(0)).isEqualTo(700_100);
    assertThat(policy.path("usable_bytes").asLong(0)).isPositive();
  }

  @Test
  void watchingInAPipeAddsALineALook() {
    MartletProcess.Finished finished = run("status", "--watch", "0.2", "--looks", "3");
    assertThat(finished.exitCode()).as(finished.output()).isZero();
    assertThat(finished.output().lines())
        .hasSize(3)
        .allMatch(line -> line.matches("20\\S+Z healthy nodes=1/1 devices=4/4 .*"));
    assertThat(finished.output().lines().skip(1)).allMatch(line -> line.contains("copies/s"));
  }

  @Test
  void anObjectIsFoundOnAllItsReplicasAndInItsListing() {
    MartletProcess.Finished words = run("where", "/AUTH_test/c/small");
    assertThat(words.exitCode()).as(words.output()).isZero();
    assertThat(words.output())
        .startsWith("3 of 3 primaries hold the newest state; nothing to do.")
        .contains("3 of 3 replicas of its listing show the object.");
    assertThat(run("where", "/AUTH_test/c").exitCode()).isZero();
    assertThat(run("where", "AUTH_test").exitCode()).isZero();
    assertThat(run("where", "/AUTH_test/c/missing").exitCode()).isEqualTo(1);
  }

  /// The others find the cluster well.
  @Test
  @Order(Integer.MAX_VALUE)
  void aDamagedCopyIsFoundThoughNobodyReadIt() throws IOException {
    Path blob;
    try (Stream<Path> files = Files.walk(data.resolve("devices"))) {
      blob =
          files
              .filter(file -> file.toString().contains("/blobs/") && Files.isRegularFile(file))
              .findFirst()
              .orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(blob.toFile(), "rw")) {
      file.seek(300_000);
      int there = file.read();
      file.seek(300_000);
      file.write(there ^ 1);
    }
    MartletProcess.Finished finished = run("where", "--json", "/AUTH_test/c/large");
    assertThat(finished.exitCode()).as(finished.output()).isEqualTo(1);
    JsonNode found = json(finished);
    assertThat(found.path("verdict").path(0).asString(""))
        .isEqualTo("2 of 3 primaries hold the newest state.");
    List<String> damaged = new ArrayList<>();
    for (JsonNode copy : found.path("copies")) {
      if (!copy.path("sound").asBoolean(true)) {
        damaged.add(copy.path("place").path("device").asString(""));
      }
    }
    assertThat(damaged).hasSize(1);
    assertThat(blob.toString()).contains("/" + damaged.getFirst() + "/");
  }

  @Test
  void aMistakeAndAClusterThatIsNotThereAreNotHealth() {
    assertThat(run("status", "--watch", "0").exitCode()).isEqualTo(2);
    assertThat(run("where", "/AUTH_test//o").exitCode()).isEqualTo(2);
    assertThat(run("where", "--policy", "7", "/AUTH_test/c/small").exitCode()).isEqualTo(2);
  }
}
