package org.martlet.containerserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.device.LastPass;
import org.martlet.common.disk.RealDisk;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.replication.ListingPart;
import org.martlet.common.replication.RowNames;

/// What replicas say to each other, at the level of HTTP.
class ReplicationIT {
  private static final String CONTAINER = "/d1/9/AUTH_test/c";
  private static final String PATH = "/d1/replication/";
  private static final String HASH =
      new PathHasher("a", "b").hash(ObjectPath.container("AUTH_test", "c")).toString();
  private static final String ALL_LEAVES = "f".repeat(64);
  private static final String ALL = "from=" + "0".repeat(32) + "&to=" + "f".repeat(32);

  @TempDir private Path directory;
  private TestCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = TestCluster.on(directory);
    cluster.account("PUT", "/d1/7/AUTH_test", "X-Timestamp", "1");
    cluster.container("PUT", CONTAINER, "X-Timestamp", "2");
    row("PUT", "o", "3");
    row("DELETE", "gone", "3");
  }

  private void row(String method, String name, String at) {
    cluster.container(
        method,
        CONTAINER + "/" + name,
        "X-Timestamp",
        at,
        "X-Size",
        "5",
        "X-Etag",
        "e",
        "X-Content-Type",
        "t");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private TestCluster.Answer get(String what) {
    return cluster.container("GET", PATH + what);
  }

  private TestCluster.Answer post(String what, byte[] body) {
    return cluster.container("POST", PATH + what, body);
  }

  @Test
  void everyLevelOfTheComparisonIsAnswered() {
    TestCluster.Answer leaves = get("leaves?part_power=0&partition=0&bits=31");
    assertThat(leaves.header("X-Backend-Leaf-Bits")).isEqualTo("16");
    assertThat(leaves.header("X-Backend-Primary")).isEqualTo("true");
    assertThat(get("roots?part_power=10").status()).isEqualTo(200);
    assertThat(get("roots?part_power=20").status()).isEqualTo(200);
    assertThat(get("listings?" + ALL + "&limit=10").status()).isEqualTo(200);
    assertThat(get("listing?hash=" + HASH).status()).isEqualTo(200);
    assertThat(get("listing?hash=" + "0".repeat(32)).status()).isEqualTo(204);
    TestCluster.Answer rows = get("rows?hash=" + HASH + "&leaves=" + ALL_LEAVES);
    assertThat(rows.status()).isEqualTo(200);
    assertThat(rows.body()).contains("gone").contains("o");
    assertThat(cluster.account("GET", PATH + "deleted").body()).isEqualTo("{\"accounts\":[]}");
    assertThat(get("misplaced").body()).isEqualTo("{\"containers\":[]}");
  }

  @Test
  void whatMakesNoSenseIsRefusedWithAReason() {
    assertThat(cluster.unsigned("GET", PATH + "roots?part_power=10").status()).isEqualTo(401);
    for (String bad :
        List.of(
            "roots",
            "roots?part_power=31",
            "leaves?part_power=4&partition=16&bits=8",
            "listing?hash=xyz",
            "listings?from=" + "f".repeat(32) + "&to=" + "0".repeat(32),
            "rows?hash=" + HASH + "&leaves=ff",
            "rows?hash=" + HASH + "&leaves=" + "x".repeat(64))) {
      assertThat(get(bad).status()).as(bad).isEqualTo(400);
    }
    byte[] nonsense = "nonsense".getBytes(StandardCharsets.UTF_8);
    assertThat(post("roots?part_power=4", nonsense).status()).isEqualTo(400);
    assertThat(post("rows?hash=" + HASH, nonsense).status()).isEqualTo(400);
    assertThat(post("merge?hash=" + HASH, nonsense).status()).isEqualTo(400);
    assertThat(post("leaves", nonsense).status()).isEqualTo(405);
    assertThat(get("nothing").status()).isEqualTo(404);
    assertThat(cluster.account("GET", PATH + "misplaced").status()).isEqualTo(404);
    assertThat(cluster.container("GET", "/missing/replication/roots?part_power=1").status())
        .isEqualTo(507);
  }

  @Test
  void aPartThatIsNoListingsOwnIsRefusedAndChangesNothing() {
    byte[] part = new ListingPart(ByteBuffer.wrap(new byte[] {1, 2, 3}), List.of()).encode();
    assertThat(post("merge?hash=" + HASH, part).status()).isEqualTo(400);
    assertThat(cluster.container("GET", CONTAINER).body()).isEqualTo("o\n");
  }

  @Test
  void wholeRowsAreFetchedByName() {
    TestCluster.Answer answer =
        post("rows?hash=" + HASH, RowNames.encode(List.of("gone", "never", "o")));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("gone").doesNotContain("never");
  }

  @Test
  void aPrimaryDoesNotDropWhatIsItsOwn() {
    String digest = "0".repeat(32);
    assertThat(post("drop?hash=" + HASH + "&digest=" + digest, new byte[0]).body())
        .isEqualTo("{\"outcome\":\"primary\"}");
  }

  @Test
  void deletedRowsAreReclaimedByAge() {
    assertThat(post("reclaim?" + ALL + "&before=2", new byte[0]).body())
        .isEqualTo("{\"rows\":0,\"listings\":0}");
    assertThat(post("reclaim?" + ALL + "&before=9", new byte[0]).body())
        .isEqualTo("{\"rows\":1,\"listings\":0}");
    assertThat(cluster.container("GET", CONTAINER).body()).isEqualTo("o\n");
  }

  @Test
  void aDeviceThatWasAwayForLongIsRefusedWithTheWayOut() throws Exception {
    assertThat(post("in-touch", new byte[0]).status()).isEqualTo(204);
    assertThat(cluster.account("POST", PATH + "in-touch").status()).isEqualTo(204);
    cluster.close();
    Path device = directory.resolve("d1");
    assertThat(Files.exists(device.resolve("container.last-pass"))).isTrue();
    LastPass pass = new LastPass(new RealDisk(), device, "container");
    pass.write(Instant.now().minus(Duration.ofDays(8)));
    cluster = TestCluster.on(directory);
    assertThat(get("roots?part_power=4").status()).isEqualTo(507);
    assertThat(cluster.unsigned("GET", "/recon/martlet/devices").body())
        .contains("\"state\":\"refused\"")
        .contains("martlet rejoin-device");
    cluster.close();
    pass.write(Instant.now());
    cluster = TestCluster.on(directory);
    assertThat(get("roots?part_power=4").status()).isEqualTo(200);
  }

  @Test
  void aDeviceThatCannotNoteThatItIsInTouchIsAtFaultAndNotTheServer() throws Exception {
    Files.createDirectories(directory.resolve("d1/container.last-pass.new/in-the-way"));
    assertThat(post("in-touch", new byte[0]).status()).isEqualTo(507);
  }

  @Test
  void aDeviceThatServesOnThoughItWasOutOfTouchIsToldSo() throws Exception {
    LastPass pass = new LastPass(new RealDisk(), directory.resolve("d1"), "container");
    pass.write(Instant.now().minus(Duration.ofDays(8)));
    assertThat(post("in-touch", new byte[0]).status()).isEqualTo(409);
    assertThat(cluster.container("GET", CONTAINER).status()).isEqualTo(200);
  }
}
