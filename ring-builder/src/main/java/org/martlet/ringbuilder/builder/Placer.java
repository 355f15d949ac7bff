package org.martlet.ringbuilder.builder;

/// Finds the device on which one more replica of a partition does its spread most good, and
/// among equals the one in the neediest domains.
///
/// Goes down the tree. Where a domain has room for a replica, so has one inside it, down to a
/// device: only domains that demand a replica of every partition make it necessary to look into
/// more than one branch.
final class Placer {
  private final DomainTree tree;
  private final Spread spread;
  private int found;
  private long cost;

  Placer(DomainTree tree, Spread spread) {
    this.tree = tree;
    this.spread = spread;
  }

  /// A device with weight.
  int best(int part) {
    cost = search(part, 0, DomainTree.ROOT);
    return found;
  }

  /// Whether a domain lacks what the best device would bring it: then no other would do.
  boolean bestIsNeeded() {
    return cost < 0;
  }

  /// Leaves the best device of a domain in `found`; returns what it costs.
  private long search(int part, int level, int node) {
    if (level == DomainTree.LEVELS) {
      found = tree.device(node);
      return 0;
    }
    long least = Long.MAX_VALUE;
    int neediest = -1;
    for (int child : tree.children(node)) {
      if (tree.usableBelow(child) > 0) {
        long cost = spread.gain(part, level, child);
        if (cost < least || (cost == least && tree.need(child) > tree.need(neediest))) {
          least = cost;
          neediest = child;
        }
      }
    }
    return tree.demandingBelow(node)
        ? least + searchAll(part, level, node, least)
        : least + search(part, level + 1, neediest);
  }

  /// Searches every child that costs no more than `least`.
  private long searchAll(int part, int level, int node, long least) {
    long bestBelow = Long.MAX_VALUE;
    int bestChild = -1;
    int bestDevice = -1;
    for (int child : tree.children(node)) {
      if (tree.usableBelow(child) > 0 && spread.gain(part, level, child) == least) {
        long below = search(part, level + 1, child);
        if (below < bestBelow || (below == bestBelow && tree.need(child) > tree.need(bestChild))) {
          bestBelow = below;
          bestChild = child;
          bestDevice = found;
        }
      }
    }
    found = bestDevice;
    return bestBelow;
  }
}
