package org.martlet.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingFile;
import org.martlet.e2e.MartletProcess;
import org.martlet.e2e.MartletProcess.Finished;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The part power of the object ring is raised while clients write and read: one command of the
/// builder, one push.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartPowerProbeIT {
  private static final int NODES = 4;
  private static final long PATIENCE_MILLIS = 60_000;

  private ChaosCluster cluster;

  @BeforeAll
  void start(@TempDir Path work) throws IOException {
    ClusterShape shape = new ClusterShape(NODES, 1, false, false, 7);
    cluster = ChaosCluster.start(work, new LoopbackNetwork(), shape);
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  void noRequestFailsAndEveryCopyIsInItsPlace() throws Exception {
    int before = ring().partPower();
    try (SteadyLoad load = SteadyLoad.start(cluster.url(), "one-push", 4)) {
      load.awaitMore(300);
      increase();
      assertThat(push()).as("one push").extracting(Finished::exitCode).isEqualTo(0);
      load.awaitMore(500);
      assertThat(show().exitCode()).as("everybody has it").isZero();
      load.stop();
      load.readAll();
      assertThat(load.failures()).isEmpty();
    }
    assertThat(ring().partPower()).isEqualTo(before + 1);
    awaitConvergence();
    awaitLeaves(before + 1);
  }

  @Test
  void aServerThatWasDownDuringThePushGetsTheRingLater() throws Exception {
    try (SteadyLoad load = SteadyLoad.start(cluster.url(), "late", 4)) {
      load.awaitMore(200);
      cluster.node(NODES).kill();
      increase();
      assertThat(push().exitCode()).as("one is missing").isEqualTo(1);
      load.awaitMore(100);
      cluster.node(NODES).launch(Map.of());
      cluster.awaitWell();
      load.awaitMore(100);
      assertThat(show().exitCode()).as("one is behind").isEqualTo(1);
      assertThat(push().exitCode()).isZero();
      load.awaitMore(100);
      load.stop();
      load.readAll();
      assertThat(load.failures()).isEmpty();
    }
    awaitConvergence();
    awaitLeaves(ring().partPower());
  }

  private void increase() {
    cluster.files().ringBuilder("object", "increase_partition_power");
    cluster.files().ringBuilder("object", "finish_increase_partition_power");
    cluster.files().ringBuilder("object", "write_ring");
  }

  private Ring ring() throws IOException {
    return RingFile.read(cluster.files().rings().resolve("object.ring.gz"));
  }

  private Finished push() {
    return martlet("push", cluster.files().rings().resolve("object.ring.gz").toString());
  }

  private Finished show() {
    return martlet("show");
  }

  private Finished martlet(String command, String... more) {
    List<String> words = new ArrayList<>(List.of(MartletProcess.home() + "/martlet", "ring"));
    words.add(command);
    words.addAll(
        List.of("--cluster", cluster.files().member(0).resolve("cluster.toml").toString()));
    words.addAll(List.of("--server", cluster.url().replace("http://", "")));
    words.addAll(List.of(more));
    return MartletProcess.run(words, null);
  }

  /// Every primary has what the others have, and nobody else has anything.
  private void awaitConvergence() throws IOException {
    Convergence convergence = new Convergence(cluster);
    List<String> last = new ArrayList<>();
    boolean came =
        Pause.until(
            PATIENCE_MILLIS,
            () -> {
              last.clear();
              try {
                last.addAll(convergence.differences());
              } catch (IOException e) {
                last.add(e.toString());
              }
              return last.isEmpty();
            });
    assertThat(came).as("all in its place: %s", last).isTrue();
  }

  /// No device needs a scan to compare its partitions.
  private void awaitLeaves(int partPower) throws IOException {
    for (RingDevice device : ring().devices()) {
      boolean came = Pause.until(PATIENCE_MILLIS, () -> leafBits(device) >= partPower);
      assertThat(came).as("digests of %s", device.label()).isTrue();
    }
  }

  private int leafBits(RingDevice device) {
    try {
      JsonNode facts =
          JsonMapper.shared()
              .readTree(
                  cluster
                      .backend()
                      .get(device.address(), "/" + device.device() + "/inspection")
                      .body());
      return facts.path("index").path("leafBits").asInt(-1);
    } catch (IOException e) {
      return -1;
    }
  }
}
