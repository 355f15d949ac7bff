package org.martlet.e2e.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.martlet.e2e.MartletProcess;

/// Changes weights in all rings as an operator would, and hands the files out one machine after
/// the other, or pushes them to all servers. Servers look at their files every few seconds; what is
/// pushed is in force at once.
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
    boolean pushed = random.nextBoolean();
    if (pushed) {
      push();
    }
    for (int member : members) {
      if (!pushed || !cluster.files().hasRings(member)) {
        cluster.files().giveRings(member);
        Pause.millis(random.nextInt(400));
      }
    }
  }

  /// Who is down or cut off does not get them; nobody may refuse them. The replicas are equal, but
  /// a server may not have said yet that all has moved.
  private void push() {
    List<String> command = new ArrayList<>(cluster.network().prefix(0));
    String martlet = MartletProcess.home() + "/martlet";
    command.addAll(List.of(martlet, "ring", "push", "--force", "--cluster"));
    command.add(cluster.files().member(0).resolve("cluster.toml").toString());
    command.addAll(List.of("--server", cluster.url().replace("http://", "")));
    for (String service : ClusterFiles.SERVICES) {
      command.add(cluster.files().rings().resolve(service + ".ring.gz").toString());
    }
    MartletProcess.Finished finished = MartletProcess.run(command, null);
    if (finished.exitCode() > 2 || finished.output().contains("it answers 4")) {
      throw new AssertionError(command + " printed:\n" + finished.output());
    }
  }
}
