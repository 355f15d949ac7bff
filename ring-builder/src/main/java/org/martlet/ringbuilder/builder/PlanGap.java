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
/// greater of its own bound and the sum of its children's.
///
/// The same is done for the replicas alone that are on a device where they may stay: the
/// homeless ones can come to a domain only where their partitions have room in it, what is needed
/// beyond that has to be moved, and the homeless ones arrive somewhere besides. The greater of both
/// numbers for the cluster is the bound: no sequence of moves meets the plan with fewer.
final class PlanGap {
  private final SlotTable table;
  private final DomainTree tree;
  private final int[] leaving;
  private final int[] lacking;
  private final int[] lackingOfMoved;
  private final int[] roomForHomeless;
  private final int[] misplaced;
  private final int misplacedCount;
  private final int homeless;

  /// @param tree with all that the table holds counted
  PlanGap(SlotTable table, DomainTree tree) {
    this.table = table;
    this.tree = tree;
    this.leaving = new int[tree.nodes()];
    this.lacking = new int[tree.nodes()];
    this.lackingOfMoved = new int[tree.nodes()];
    this.roomForHomeless = new int[tree.nodes()];
    this.misplaced = new int[table.parts()];
    int[] partsByHomeless = new int[table.width() + 1];
    int found = 0;
    int total = 0;
    for (int part = 0; part < table.parts(); part++) {
      int missing = homeless(part);
      total += missing;
      partsByHomeless[missing]++;
      boolean asPlanned = missing == 0;
      for (int level = 0; level < DomainTree.LEVELS; level++) {
        asPlanned &= look(part, level, missing);
      }
      if (!asPlanned) {
        misplaced[found++] = part;
      }
    }
    misplacedCount = found;
    homeless = total;
    addWhereNothingIs(partsByHomeless);
  }

  /// The replicas of a partition without a device, or on one without weight.
  private int homeless(int part) {
    int missing = 0;
    for (int slot = table.first(part); slot < table.end(part); slot++) {
      int device = table.at(slot);
      if (device == RowTable.NONE) {
        missing++;
      } else if (!tree.usable(device)) {
        missing++;
        for (int level = 0; level < DomainTree.LEVELS; level++) {
          leaving[tree.node(level, device)]++;
        }
      }
    }
    return missing;
  }

  /// Counts what the domains of a level hold of a partition, less what they would count if they
  /// held nothing of it; returns whether that is as planned.
  private boolean look(int part, int level, int missing) {
    int wanted = tree.leastOfLevel(level);
    boolean excess = false;
    for (int slot = table.first(part); slot < table.end(part); slot++) {
      int device = table.at(slot);
      if (device == RowTable.NONE || !tree.usable(device)) {
        continue;
      }
      int node = tree.node(level, device);
      int count = countIfFirst(part, level, node, slot);
      if (count == 0) {
        continue;
      }
      int least = tree.least(node);
      int most = tree.most(node);
      wanted -= Math.min(count, least);
      excess |= count > most;
      leaving[node] += Math.max(0, count - most);
      lacking[node] -= Math.min(count, least);
      if (least > 0) {
        lackingOfMoved[node] -= positive(least - missing) - positive(least - missing - count);
      }
      if (missing > 0) {
        roomForHomeless[node] -=
            Math.min(missing, most) - Math.min(missing, positive(most - count));
      }
    }
    return !excess && wanted == 0;
  }

  /// The replicas of a partition in a domain that may stay on their devices; 0 if an earlier slot
  /// counted them.
  private int countIfFirst(int part, int level, int node, int slot) {
    int count = 1;
    for (int other = table.first(part); other < table.end(part); other++) {
      int device = table.at(other);
      boolean same =
          other != slot
              && device != RowTable.NONE
              && tree.node(level, device) == node
              && tree.usable(device);
      if (same && other < slot) {
        return 0;
      }
      count += same ? 1 : 0;
    }
    return count;
  }

  private void addWhereNothingIs(int[] partsByHomeless) {
    for (int node = 0; node < tree.nodes(); node++) {
      lacking[node] += tree.least(node) * table.parts();
      for (int missing = 0; missing < partsByHomeless.length; missing++) {
        int parts = partsByHomeless[missing];
        lackingOfMoved[node] += parts * positive(tree.least(node) - missing);
        roomForHomeless[node] += parts * Math.min(missing, tree.most(node));
      }
    }
  }

  private static int positive(int number) {
    return Math.max(0, number);
  }

  /// The partitions that are spread worse than planned, lie on a device without weight, or have
  /// a replica without a device; ascending.
  int[] misplaced() {
    return Arrays.copyOf(misplaced, misplacedCount);
  }

  /// The fewest arrivals that meet the plan.
  int fewestMoves() {
    return Math.max(arrivals(DomainTree.ROOT), homeless + moved(DomainTree.ROOT));
  }

  private int arrivals(int node) {
    int inside = 0;
    for (int child : tree.children(node)) {
      inside += arrivals(child);
    }
    return node == DomainTree.ROOT
        ? inside
        : Math.max(inside, Math.max(lacking[node], tree.need(node) + leaving[node]));
  }

  /// The fewest arrivals of replicas that could stay where they are.
  private int moved(int node) {
    int inside = 0;
    for (int child : tree.children(node)) {
      inside += moved(child);
    }
    int needed = tree.need(node) + leaving[node] - roomForHomeless[node];
    return node == DomainTree.ROOT
        ? inside
        : Math.max(inside, Math.max(lackingOfMoved[node], needed));
  }
}
