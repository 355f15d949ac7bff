package org.martlet.ringbuilder.builder;

/// How the replicas of one partition are spread over domains, against what the plan allows.
final class Spread {
  /// What one replica too many or too few costs at each level: any number of lesser faults
  /// weighs less. Two on one device are worse than anything.
  private static final long[] COST = {1L << 36, 1L << 24, 1L << 12, 1L << 48};

  private final SlotTable table;
  private final DomainTree tree;

  Spread(SlotTable table, DomainTree tree) {
    this.table = table;
    this.tree = tree;
  }

  /// The replicas of a partition in a domain.
  int count(int part, int level, int node) {
    int count = 0;
    for (int slot = table.first(part); slot < table.end(part); slot++) {
      int device = table.at(slot);
      count += device != RowTable.NONE && tree.node(level, device) == node ? 1 : 0;
    }
    return count;
  }

  /// Whether a domain may take one more replica of a partition.
  boolean room(int part, int level, int node) {
    return count(part, level, node) < tree.most(node);
  }

  /// Whether a domain may lose one replica of a partition.
  boolean spare(int part, int level, int node) {
    return count(part, level, node) > tree.least(node);
  }

  /// Whether a slot may move to a device without harm to the spread at any level.
  boolean mayMove(int slot, int to) {
    int from = table.at(slot);
    int part = table.part(slot);
    for (int level = 0; level < DomainTree.LEVELS; level++) {
      int source = tree.node(level, from);
      int target = tree.node(level, to);
      boolean fits = source == target || (room(part, level, target) && spare(part, level, source));
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /// What it costs (above 0) or saves (below 0) to give a domain one more replica of a
  /// partition.
  long gain(int part, int level, int node) {
    int count = count(part, level, node);
    return count >= tree.most(node) ? COST[level] : count < tree.least(node) ? -COST[level] : 0;
  }

  /// The sum of all faults of a partition's spread, 0 if it is as planned.
  long faults(int part) {
    long faults = 0;
    for (int level = 0; level < DomainTree.LEVELS; level++) {
      int lacking = tree.leastOfLevel(level);
      int excess = 0;
      for (int slot = table.first(part); slot < table.end(part); slot++) {
        int device = table.at(slot);
        if (device != RowTable.NONE) {
          int node = tree.node(level, device);
          int nth = countBefore(part, level, node, slot);
          lacking -= nth < tree.least(node) ? 1 : 0;
          excess += nth >= tree.most(node) ? 1 : 0;
        }
      }
      faults += COST[level] * (lacking + excess);
    }
    return faults;
  }

  /// The replicas of a partition in a domain before a slot.
  int countBefore(int part, int level, int node, int before) {
    int count = 0;
    for (int slot = table.first(part); slot < before; slot++) {
      int device = table.at(slot);
      count += device != RowTable.NONE && tree.node(level, device) == node ? 1 : 0;
    }
    return count;
  }
}
