package org.martlet.ringbuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingFile;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GetNodesCommandTest {
  @TempDir Path directory;
  private Path ring;

  private record Outcome(int code, String out, String err) {}

  @BeforeEach
  void writeRing() throws IOException, RingBuilderException {
    RingBuilder builder = RingBuilder.create(8, 3, 1);
    for (int i = 0; i < 8; i++) {
      builder.add(RingDevice.of(new DeviceId(0), 1, i, "127.0.0.1", 6200 + i, "d" + i, 1));
    }
    builder.rebalance(1, () -> Instant.EPOCH);
    ring = directory.resolve("object-1.ring.gz");
    RingFile.write(ring, builder.toRing());
  }

  @Test
  void anObjectsPlaceIsShown() {
    Outcome shown = run("AUTH_test", "c", "dir/ü $x", "--hash-prefix", "changeme");
    assertThat(shown.code()).isZero();
    assertThat(shown.out())
        .contains(
            "Account  \tAUTH_test", "Container\tc", "Object   \tdir/%C3%BC%20%24x", "Partition\t")
        .contains("-H \"X-Backend-Storage-Policy-Index: 1\"")
        .contains("/AUTH_test/c/dir/%C3%BC%20%24x\"");
    assertThat(shown.out().lines().filter(line -> line.contains("Server:Port"))).hasSize(6);
    assertThat(shown.out().lines().filter(line -> line.contains("[Handoff]"))).hasSize(9);
    assertThat(shown.out())
        .contains(
            "ssh 127.0.0.1 \"martlet object-info --policy 1 ${DEVICE:-/srv/node*}/d",
            " '/AUTH_test/c/dir/ü \\$x'\"");
  }

  /// Swift's value for prefix and suffix `changeme`.
  @Test
  void partitionAndHashAreSwifts() throws IOException {
    Path config = directory.resolve("cluster.toml");
    Files.writeString(
        config, "[cluster]\nhash_prefix = \"changeme\"\nhash_suffix = \"changeme\"\n");
    for (String[] name : new String[][] {{"AUTH_test", "c", "o"}, {"/AUTH_test/c/o"}}) {
      JsonNode json = json(with(name, "--json", "--config", config.toString()));
      assertThat(json.path("hash").stringValue()).isEqualTo("4e2772c453cbe15a19b26fbfbb223e31");
      assertThat(json.path("partition").intValue()).isEqualTo(78);
      assertThat(json.path("primaries")).hasSize(3);
      assertThat(json.path("handoffs")).hasSize(3);
      assertThat(json.path("primaries").get(0).propertyNames())
          .containsExactly("id", "region", "zone", "ip", "port", "device");
    }
  }

  @Test
  void allHandoffsOfAPartitionAreShownOnRequest() {
    JsonNode json = json("-p", "17", "-a", "--json");
    assertThat(json.path("partition").intValue()).isEqualTo(17);
    assertThat(json.path("handoffs")).hasSize(5);
    assertThat(json.has("hash")).isFalse();
  }

  @Test
  void aPolicyStandsForItsRing() throws IOException {
    Path toml =
        Files.writeString(
            directory.resolve("cluster.toml"),
            """
            [cluster]
            hash_suffix = "changeme"
            ring_directory = "."
            [[storage_policy]]
            index = 0
            name = "gold"
            [[storage_policy]]
            index = 1
            name = "Silver"
            """);
    String byRing = json("AUTH_test", "c", "o", "--json", "--cluster", toml.toString()).toString();
    assertThat(bare("-P", "silver", "AUTH_test/c/o", "--cluster", toml.toString(), "--json"))
        .isEqualTo(byRing);
    assertThat(bare("-P", "silver", "AUTH_test/c/o", "-d", directory.toString(), "--json"))
        .isEqualTo(byRing);
    Files.copy(ring, directory.resolve("container.ring.gz"));
    assertThat(bare("-P", "gold", "AUTH_test/c", "--cluster", toml.toString(), "--json"))
        .contains("\"ring\":\"container\"");
    Outcome unknown = execute("-P", "tin", "AUTH_test/c/o", "--cluster", toml.toString());
    assertThat(unknown.err()).contains("no policy named \"tin\"; there are [gold, Silver]");
    assertThat(run("-P", "gold", "a/c/o", "--cluster", toml.toString()).out())
        .startsWith("Warning: mismatch between ring and policy name!");
  }

  @Test
  void swiftsOwnConfigurationTellsHashAndPolicies() throws IOException {
    Files.writeString(
        directory.resolve("swift.conf"),
        """
        [swift-hash]
        # both
        swift_hash_path_prefix = changeme
        swift_hash_path_suffix = changeme
        [storage-policy:0]
        name = gold
        [storage-policy:1]
        name = silver
        aliases = ag, argentum
        """);
    JsonNode found =
        new JsonMapper()
            .readTree(bare("-P", "AG", "-d", directory.toString(), "AUTH_test/c/o", "--json"));
    assertThat(found.path("hash").asString()).isEqualTo("4e2772c453cbe15a19b26fbfbb223e31");
    assertThat(found.path("ring").asString()).isEqualTo("object-1");
  }

  @Test
  void quotedNamesAreDecoded() {
    String plain = run("AUTH_a/c/dir/ü x", "--hash-suffix", "s").out();
    assertThat(run("-Q", "/AUTH_a/c/dir/%C3%BC%20x", "--hash-suffix", "s").out()).isEqualTo(plain);
    assertThat(run("AUTH_a", "--hash-suffix", "s").out())
        .startsWith("Warning: account specified but ring not named \"account\"");
    assertThat(run("AUTH_a/c/new\nline", "--hash-suffix", "s").out())
        .as("no command is offered that a name could break out of")
        .doesNotContain("ssh")
        .contains("new%0Aline");
  }

  @Test
  void everyErrorIsOneLine() throws IOException {
    Path bare = Files.writeString(directory.resolve("bare.toml"), "[cluster]");
    refused("hash prefix or suffix is needed", "AUTH_test", "--cluster", bare.toString());
    refused("either a name or --partition");
    refused("either a name or --partition", "AUTH_test", "-p", "3", "--hash-suffix", "x");
    refused("partitions 0 to 255", "-p", "256");
    refused("holds a slash", "AUTH_test", "c/d", "o", "--hash-suffix", "x");
    refused("none.toml", "AUTH_test", "--config", directory.resolve("none.toml").toString());
    Path bad = Files.writeString(directory.resolve("bad.toml"), "[cluster");
    refused("bad.toml", "AUTH_test", "--config", bad.toString());
    Files.writeString(ring, "rubbish");
    refused("not a gzip file", "-p", "1");
  }

  private void refused(String why, String... arguments) {
    Outcome outcome = run(arguments);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(why).hasLineCount(1);
  }

  private JsonNode json(String... arguments) {
    Outcome outcome = run(arguments);
    assertThat(outcome.err()).isEmpty();
    return new JsonMapper().readTree(outcome.out());
  }

  private static String[] with(String[] first, String... more) {
    String[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  private Outcome run(String... arguments) {
    return execute(with(new String[] {ring.toString()}, arguments));
  }

  private static String bare(String... arguments) {
    Outcome outcome = execute(arguments);
    assertThat(outcome.err()).isEmpty();
    return new JsonMapper().readTree(outcome.out()).toString();
  }

  private static Outcome execute(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new GetNodesCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Outcome(code, out.toString(), err.toString());
  }
}
