package org.martlet.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.e2e.chaos.ProbeCluster.Place;

/// Objects after a failure: what was written without a primary reaches it by itself, what stood in
/// gives it away, and what was lost or damaged comes back.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObjectRepairProbeIT {
  private ProbeCluster cluster;

  @BeforeAll
  void start(@TempDir Path work) throws IOException {
    cluster = ProbeCluster.start(work, false);
    cluster.does(201, "PUT", "/c");
  }

  @AfterEach
  void mend() {
    cluster.startAll();
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static byte[] content(String of, int size) {
    byte[] bytes = new byte[size];
    new Random(of.hashCode()).nextBytes(bytes);
    return bytes;
  }

  private void put(String path, byte[] body, String... headers) throws IOException {
    cluster.does(201, "PUT", path, body, headers);
  }

  private static boolean has(HttpResponse<byte[]> answer, byte[] body) {
    return answer.statusCode() == 200 && Arrays.equals(answer.body(), body);
  }

  private void awaitBody(Place place, byte[] body) {
    cluster.await(place, "", "the body", answer -> has(answer, body));
  }

  private void awaitMeta(Place place, String value) {
    cluster.await(
        place,
        "",
        "metadata " + value,
        answer -> ObjectReads.header(answer, "X-Object-Meta-V").equals(value));
  }

  private void awaitTombstone(Place place) {
    cluster.await(
        place,
        "",
        "a tombstone",
        answer ->
            answer.statusCode() == 404
                && !ObjectReads.header(answer, "X-Backend-Timestamp").isEmpty());
  }

  @Test
  void whatWasPutWithoutAPrimaryReachesItAndLeavesTheHandoff() throws IOException {
    for (int size : List.of(0, 4096, 3_000_000)) {
      String path = "/c/put-" + size;
      Place primary = cluster.primaries(path).getFirst();
      Place handoff = cluster.handoff(path);
      cluster.node(primary.node()).kill();
      put(path, content(path, size));
      awaitBody(handoff, content(path, size));
      assertThat(has(cluster.send("GET", path, new byte[0]), content(path, size))).isTrue();
      cluster.startAll();
      awaitBody(primary, content(path, size));
      cluster.awaitEmpty(handoff);
    }
  }

  @Test
  void whatWasOverwrittenAndDeletedWithoutAPrimaryIsSoThereToo() throws IOException {
    String overwritten = "/c/overwritten";
    Place primary = cluster.primaries(overwritten).getLast();
    String deleted = another("deleted", primary);
    put(overwritten, content("before", 100));
    put(deleted, content("before", 100_000));
    cluster.node(primary.node()).kill();
    put(overwritten, content("after", 200_000));
    cluster.does(204, "DELETE", deleted);
    cluster.startAll();
    assertThat(cluster.send("GET", deleted, new byte[0], "X-Newest", "true").statusCode())
        .isEqualTo(404);
    for (Place each : cluster.primaries(overwritten)) {
      awaitBody(each, content("after", 200_000));
    }
    for (Place each : cluster.primaries(deleted)) {
      awaitTombstone(each);
    }
    cluster.awaitEmpty(cluster.handoff(overwritten));
    cluster.awaitEmpty(cluster.handoff(deleted));
    assertThat(cluster.send("GET", deleted, new byte[0]).statusCode()).isEqualTo(404);
  }

  /// A name whose primaries include that node.
  private String another(String prefix, Place node) {
    for (int i = 0; ; i++) {
      String path = "/c/" + prefix + i;
      if (cluster.primaries(path).stream().anyMatch(each -> each.node() == node.node())) {
        return path;
      }
    }
  }

  @Test
  void metadataOfPartialPostsConvergesToTheLast() throws IOException {
    String path = "/c/posts";
    List<Place> primaries = cluster.primaries(path);
    put(path, content(path, 1000), "X-Object-Meta-V", "put");
    cluster.node(primaries.get(0).node()).kill();
    cluster.does(202, "POST", path, "X-Object-Meta-V", "first");
    cluster.startAll();
    cluster.node(primaries.get(1).node()).kill();
    cluster.does(202, "POST", path, "X-Object-Meta-V", "second");
    cluster.startAll();
    for (Place each : primaries) {
      awaitMeta(each, "second");
      awaitBody(each, content(path, 1000));
    }
  }

  @Test
  void aPostThatMissedAPutDoesNotHideIt() throws IOException {
    String path = "/c/put-then-post";
    Place late = cluster.primaries(path).getFirst();
    put(path, content("old", 500), "X-Object-Meta-V", "old");
    cluster.node(late.node()).kill();
    put(path, content("new", 500), "X-Object-Meta-V", "new");
    cluster.startAll();
    cluster.does(202, "POST", path, "X-Object-Meta-V", "posted");
    HttpResponse<byte[]> newest = cluster.send("GET", path, new byte[0], "X-Newest", "true");
    assertThat(has(newest, content("new", 500))).isTrue();
    for (Place each : cluster.primaries(path)) {
      awaitBody(each, content("new", 500));
      awaitMeta(each, "posted");
    }
  }

  @Test
  void aDeviceThatWasReplacedIsRefilled() throws IOException {
    int lost = cluster.primaries("/c/refill-0").getFirst().node();
    for (int i = 0; i < 60; i++) {
      put("/c/refill-" + i, content("refill-" + i, 100 + 3000 * i));
    }
    cluster.node(lost).kill();
    replaceDisk(lost);
    cluster.startAll();
    for (int i = 0; i < 60; i++) {
      String path = "/c/refill-" + i;
      byte[] body = content("refill-" + i, 100 + 3000 * i);
      for (Place each : cluster.primaries(path)) {
        awaitBody(each, body);
      }
    }
  }

  private void replaceDisk(int node) throws IOException {
    Medium disk = cluster.node(node).medium();
    disk.replace();
    cluster.cluster().files().initDevices(List.of(disk.path()));
  }

  @Test
  void anUnmountedDeviceIsStoodInForUntilItIsBack() throws IOException {
    String path = "/c/unmounted";
    Place primary = cluster.primaries(path).getFirst();
    Place handoff = cluster.handoff(path);
    cluster.node(primary.node()).kill();
    cluster.node(primary.node()).medium().replace();
    cluster.startAll();
    assertThat(cluster.ask(primary).statusCode()).as("no device.json").isEqualTo(507);
    put(path, content(path, 70_000));
    awaitBody(handoff, content(path, 70_000));
    cluster.does(202, "POST", path, "X-Object-Meta-V", "meanwhile");
    cluster.node(primary.node()).kill();
    cluster.cluster().files().initDevices(List.of(cluster.node(primary.node()).medium().path()));
    cluster.startAll();
    awaitBody(primary, content(path, 70_000));
    awaitMeta(primary, "meanwhile");
    cluster.awaitEmpty(handoff);
  }

  @Test
  void aDamagedCopyComesBackFromAnother() throws IOException {
    String path = "/c/damaged";
    byte[] body = content(path, 400_000);
    put(path, body);
    Place primary = cluster.primaries(path).getFirst();
    awaitBody(primary, body);
    int turned = Rot.turnOverBlobsOf(cluster.node(primary.node()).medium().path(), body);
    assertThat(turned).as("files with the body").isEqualTo(1);
    HttpResponse<byte[]> read = cluster.send("GET", path, new byte[0]);
    assertThat(has(read, body)).as("served from whoever has it whole").isTrue();
    assertThat(servesDamage(primary, body)).isFalse();
    awaitBody(primary, body);
  }

  /// Asked for the damaged copy, a device shows that it has none, or ends the connection.
  private boolean servesDamage(Place primary, byte[] body) {
    try {
      HttpResponse<byte[]> answer = cluster.ask(primary);
      return answer.statusCode() == 200 && !Arrays.equals(answer.body(), body);
    } catch (IOException e) {
      return false;
    }
  }
}
