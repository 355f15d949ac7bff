package org.martlet.e2e.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Changes weights in all rings as an operator would, and hands the files out one machine after
/// the other. Servers look at their files every few seconds.
final class RingChanges {
  private static final List<String> FIRST = List.of("40", "100", "160");
  private static final List<String> SECOND = List.of("0", "60", "120");

  private final ChaosCluster cluster;

  RingChanges(ChaosCluster cluster) {
    this.cluster = cluster;
  }

  void change(long seed) throws IOException {
    Random random = new Random(seed);
    int node = 1 + random.nextInt(cluster.size());
    boolean second = random.nextBoolean();
    List<String> weights = second ? SECOND : FIRST;
    String weight = weights.get(random.nextInt(weights.size()));
    int device = (second ? cluster.size() : 0) + node - 1;
    for (String service : ClusterFiles.SERVICES) {
      cluster.files().ringBuilder(service, "set_weight", "d" + device, weight);
      cluster.files().ringBuilder(service, "rebalance", "--force", "" + (seed & 0xffff));
    }
    List<Integer> members =
        new ArrayList<>(IntStream.rangeClosed(0, cluster.size()).boxed().toList());
    Collections.shuffle(members, random);
    for (int member : members) {
      cluster.files().giveRings(member);
      Pause.millis(random.nextInt(400));
    }
  }
}
