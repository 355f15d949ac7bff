package org.martlet.e2e.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/// Which faults come in which round: the same for the same seed and the same means.
///
/// A round is a row of steps that ends with at most one lossy fault, since the controller waits
/// until replicas are equal at the end of each round. Most steps break one node, some break most.
/// At most one change of the rings is in a round, for the same reason.
final class Schedule {
  private static final int SHORTEST = 1_500;
  private static final int SPREAD = 6_000;
  private static final int CROWDS_IN_TEN = 3;

  private final long seed;
  private final int nodes;
  private final List<FaultKind> kinds;

  /// @param present what this machine and this cluster have
  Schedule(long seed, int nodes, Set<FaultKind.Need> present) {
    this.seed = seed;
    this.nodes = nodes;
    this.kinds =
        Arrays.stream(FaultKind.values()).filter(kind -> kind.isPossible(present)).toList();
  }

  /// Kinds that can come at all.
  List<FaultKind> kinds() {
    return kinds;
  }

  /// @param length of the round in milliseconds, as near as steps come
  List<Step> round(int number, int length) {
    Random random = new Random(seed * 1_000_003L + number);
    List<FaultKind> bag = bag(random);
    List<Step> steps = new ArrayList<>();
    if (kinds.contains(FaultKind.RING) && random.nextInt(3) > 0) {
      steps.add(new Step(List.of(fault(FaultKind.RING, random)), 0, 200));
    }
    int left = length;
    boolean lossComes = lossy().size() > 0 && random.nextInt(4) > 0;
    while (left > (lossComes ? 2 * SHORTEST : 0)) {
      Step step = random.nextInt(10) < CROWDS_IN_TEN ? crowd(random) : single(bag, random);
      steps.add(step);
      left -= step.length() + step.rest();
    }
    if (lossComes) {
      FaultKind kind = lossy().get(random.nextInt(lossy().size()));
      steps.add(new Step(List.of(fault(kind, random)), SHORTEST, SHORTEST));
    }
    return steps;
  }

  /// Every harmless kind once before one comes again.
  private List<FaultKind> bag(Random random) {
    List<FaultKind> bag = new ArrayList<>(harmless());
    Collections.shuffle(bag, random);
    return bag;
  }

  private List<FaultKind> harmless() {
    return kinds.stream().filter(kind -> !kind.isLossy() && kind != FaultKind.RING).toList();
  }

  private List<FaultKind> lossy() {
    return kinds.stream().filter(FaultKind::isLossy).toList();
  }

  private Step single(List<FaultKind> bag, Random random) {
    if (bag.isEmpty()) {
      bag.addAll(bag(random));
    }
    FaultKind kind = bag.removeLast();
    return new Step(List.of(fault(kind, random)), length(random), 300 + random.nextInt(1_200));
  }

  /// Most nodes at once, each in its own way.
  private Step crowd(Random random) {
    List<Integer> victims = new ArrayList<>(IntStream.rangeClosed(1, nodes).boxed().toList());
    Collections.shuffle(victims, random);
    int count = 2 + random.nextInt(nodes - 1);
    List<FaultKind> choice = harmless().stream().filter(kind -> kind != FaultKind.PROXY).toList();
    List<Fault> faults =
        victims.subList(0, count).stream()
            .map(
                victim ->
                    new Fault(choice.get(random.nextInt(choice.size())), victim, random.nextLong()))
            .toList();
    return new Step(faults, length(random), 500 + random.nextInt(1_500));
  }

  private Fault fault(FaultKind kind, Random random) {
    return new Fault(kind, 1 + random.nextInt(nodes), random.nextLong());
  }

  private static int length(Random random) {
    return SHORTEST + random.nextInt(SPREAD);
  }
}
