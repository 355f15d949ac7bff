package org.martlet.ringbuilder.builder;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/// Moves an existing assignment towards a plan, as little as it can.
///
/// Three steps. Replicas without a device, and one of each partition on a device without weight,
/// get a device. Partitions that are spread worse than planned move the replica whose move helps
/// most. Then [Leveling] brings devices to their quotas.
///
/// Invariant: a partition that was touched is left alone for the rest of the pass, but that the
/// same replica may be sent elsewhere; so at most one of its replicas moves, and none if one had
/// to be placed anew. A frozen partition never thaws.
///
/// One instance works on one table once; it changes the table in place.
final class Rebalancer {
  private final SlotTable table;
  private final DomainTree tree;
  private final Spread spread;
  private final Placer placer;
  private final Moves moves;
  private final Shuffle shuffle;
  private final int ids;

  /// @param table with [RowTable#NONE] where a device is missing
  /// @param tree with all that the table holds counted
  /// @param frozen partitions that must not move; grows
  Rebalancer(SlotTable table, DomainTree tree, BitSet frozen, Shuffle shuffle, int ids) {
    this.table = table;
    this.tree = tree;
    this.spread = new Spread(table, tree);
    this.placer = new Placer(tree, spread);
    this.moves = new Moves(table, tree, frozen, ids);
    this.shuffle = shuffle;
    this.ids = ids;
  }

  /// @param misplaced the partitions that [PlanGap] found
  void run(int[] misplaced) {
    int[] order = shuffle.all(misplaced.clone());
    int[] homeless = takeHomeless(order);
    homeless = place(homeless, true);
    place(homeless, false);
    for (int part : order) {
      if (!moves.frozen(part)) {
        improve(part);
      }
    }
    new Leveling(table, tree, spread, moves, shuffle, ids).run();
  }

  /// The slots whose replica has no device, or is now taken off one without weight.
  private int[] takeHomeless(int[] order) {
    return Arrays.stream(order).flatMap(this::takeHomeless).toArray();
  }

  private IntStream takeHomeless(int part) {
    IntStream.Builder homeless = IntStream.builder();
    boolean taken = moves.frozen(part);
    for (int slot = table.first(part); slot < table.end(part); slot++) {
      int device = table.at(slot);
      if (!taken && device != RowTable.NONE && !tree.usable(device)) {
        moves.take(slot);
        taken = true;
      }
      if (table.at(slot) == RowTable.NONE) {
        homeless.add(slot);
      }
    }
    return homeless.build();
  }

  /// Gives slots a device; at first only those for which there is little choice, so that the
  /// others can go to whoever needs them then.
  ///
  /// @return those that have none yet
  private int[] place(int[] slots, boolean onlyNeeded) {
    int[] rest = new int[slots.length];
    int left = 0;
    for (int slot : slots) {
      int to = placer.best(table.part(slot));
      if (onlyNeeded && !placer.bestIsNeeded()) {
        rest[left++] = slot;
      } else {
        moves.move(slot, to);
      }
    }
    return Arrays.copyOf(rest, left);
  }

  /// Moves the replica whose move helps the spread most, if any does.
  private void improve(int part) {
    long least = spread.faults(part);
    int bestSlot = -1;
    int bestDevice = -1;
    int bestNeed = 0;
    for (int slot = table.first(part); slot < table.end(part); slot++) {
      int from = table.at(slot);
      int need = tree.need(tree.leaf(from));
      moves.take(slot);
      int to = placer.best(part);
      moves.putBack(slot, to);
      long faults = spread.faults(part);
      moves.take(slot);
      moves.putBack(slot, from);
      if (faults < least || (faults == least && bestSlot >= 0 && need < bestNeed)) {
        least = faults;
        bestSlot = slot;
        bestDevice = to;
        bestNeed = need;
      }
    }
    if (bestSlot >= 0) {
      moves.move(bestSlot, bestDevice);
    }
  }
}
