package org.martlet.ringbuilder.builder;

import java.util.Arrays;

/// How far an assignment is from its plan: which partitions are spread worse than planned, and
/// the fewest replicas that must come to another device before the plan is met.
///
/// The lower bound, for each domain from the bottom up. In the end a domain holds its quota, at
/// most `most` of each partition, and nothing on devices without weight; so what is there or
/// above `most` leaves, and its arrivals are at least quota - held + leaving. They are also at
/// least the replicas that partitions lack there of `least`. And whatever arrives in a domain
/// arrives in one of its children, so the arrivals on the devices of a domain are at least the
/// greater of its own bound and the sum of its children's. The cluster's is the bound: no
/// sequence of moves meets the plan with fewer.
final class PlanGap {
  private final DomainTree tree;
  private final int[] leaving;
  private final int[] lacking;
  private final int[] misplaced;

  private PlanGap(DomainTree tree, int[] leaving, int[] lacking, int[] misplaced) {
    this.tree = tree;
    this.leaving = leaving;
    this.lacking = lacking;
    this.misplaced = misplaced;
  }

  /// @param tree with all that the table holds counted
  static PlanGap of(SlotTable table, DomainTree tree) {
    int[] leaving = new int[tree.nodes()];
    int[] lacking = new int[tree.nodes()];
    Arrays.setAll(lacking, node -> tree.least(node) * table.parts());
    int[] misplaced = new int[table.parts()];
    int found = 0;
    for (int part = 0; part < table.parts(); part++) {
      boolean asPlanned = true;
      for (int level = 0; level < DomainTree.LEVELS; level++) {
        asPlanned &= look(table, tree, part, level, leaving, lacking);
      }
      if (!asPlanned) {
        misplaced[found++] = part;
      }
    }
    return new PlanGap(tree, leaving, lacking, Arrays.copyOf(misplaced, found));
  }

  private static boolean look(
      SlotTable table, DomainTree tree, int part, int level, int[] leaving, int[] lacking) {
    int wanted = tree.leastOfLevel(level);
    boolean excess = false;
    int first = table.first(part);
    for (int slot = first; slot < table.end(part); slot++) {
      int device = table.at(slot);
      if (device == RowTable.NONE || !tree.usable(device)) {
        if (device != RowTable.NONE) {
          leaving[tree.node(level, device)]++;
        }
        excess = true;
        continue;
      }
      int node = tree.node(level, device);
      int nth = 0;
      for (int before = first; before < slot; before++) {
        int other = table.at(before);
        boolean same = other != RowTable.NONE && tree.node(level, other) == node;
        nth += same && tree.usable(other) ? 1 : 0;
      }
      if (nth < tree.least(node)) {
        lacking[node]--;
        wanted--;
      }
      if (nth >= tree.most(node)) {
        leaving[node]++;
        excess = true;
      }
    }
    return !excess && wanted == 0;
  }

  /// The partitions that are spread worse than planned, lie on a device without weight, or have
  /// a replica without a device; ascending.
  int[] misplaced() {
    return misplaced;
  }

  /// The fewest arrivals that meet the plan.
  int fewestMoves() {
    return arrivals(DomainTree.ROOT);
  }

  private int arrivals(int node) {
    int inside = 0;
    for (int child : tree.children(node)) {
      inside += arrivals(child);
    }
    int own = node == DomainTree.ROOT ? 0 : tree.need(node) + leaving[node];
    return Math.max(Math.max(inside, own), node == DomainTree.ROOT ? 0 : lacking[node]);
  }
}
