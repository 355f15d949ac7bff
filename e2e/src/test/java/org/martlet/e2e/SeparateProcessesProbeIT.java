package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers as processes of their own, from the samples in `etc/`; one of four nodes dies.
class SeparateProcessesProbeIT {
  private static final int OBJECTS = 60;

  @TempDir Path work;

  @Test
  void aClusterOfProcessesServesWhileOneNodeIsDown() throws IOException {
    try (NodeCluster cluster = NodeCluster.start(work, 4)) {
      SwiftClient client = cluster.client();
      client.createContainer("c");
      for (int i = 0; i < OBJECTS; i++) {
        assertThat(client.put("/c/before" + i, small(i)).statusCode()).isEqualTo(201);
      }
      byte[] large = new byte[3_000_000];
      new Random(1).nextBytes(large);
      assertThat(client.put("/c/large", large).statusCode()).isEqualTo(201);

      MartletProcess.Finished well = status(cluster);
      assertThat(well.exitCode()).as(well.output()).isZero();
      assertThat(well.output()).contains("The cluster is healthy.").contains("127.0.0.4:");

      cluster.kill("node3");
      for (int i = 0; i < OBJECTS; i++) {
        assertThat(client.get("/c/before" + i).body()).as("before%d", i).isEqualTo(small(i));
        assertThat(client.put("/c/during" + i, small(-i)).statusCode()).isEqualTo(201);
        assertThat(client.get("/c/during" + i).body()).as("during%d", i).isEqualTo(small(-i));
      }
      assertThat(Arrays.equals(client.get("/c/large").body(), large)).isTrue();
      MartletProcess.Finished ill = status(cluster);
      assertThat(ill.exitCode()).isEqualTo(1);
      assertThat(ill.output().lines().filter(line -> line.contains("CRITICAL")))
          .as(ill.output())
          .singleElement()
          .asString()
          .contains("127.0.0.3", "it does not answer", "refused");

      cluster.restart(3);
      for (int i = 0; i < OBJECTS; i++) {
        assertThat(client.get("/c/during" + i).body()).as("during%d", i).isEqualTo(small(-i));
      }
      Listings.await(client, "c", names -> names.containsAll(all()));
      assertThat(cluster.process("proxy").stop()).isZero();
      assertThat(cluster.process("node2").stop()).isZero();
    }
  }

  private static MartletProcess.Finished status(NodeCluster cluster) {
    try (MartletProcess process =
        MartletProcess.start("status", "--cluster", cluster.clusterFile().toString())) {
      int code = process.exitCode();
      return new MartletProcess.Finished(code, process.output());
    }
  }

  private static TreeSet<String> all() {
    TreeSet<String> names =
        IntStream.range(0, OBJECTS)
            .mapToObj(i -> "before" + i)
            .collect(Collectors.toCollection(TreeSet::new));
    IntStream.range(0, OBJECTS).forEach(i -> names.add("during" + i));
    names.add("large");
    return names;
  }

  private static byte[] small(int i) {
    return ("content " + i).repeat(100).getBytes(StandardCharsets.UTF_8);
  }
}
