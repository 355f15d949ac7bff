package org.martlet.ringbuilder.builder;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// The moves of one rebalance: applies them to the table and the tree, and keeps the rule that
/// of a partition at most one replica moves.
///
/// A replica that moved already may be sent elsewhere instead: that costs nothing more. All
/// others of its partition stay.
final class Moves {
  private final SlotTable table;
  private final DomainTree tree;
  private final BitSet frozen;
  private final BitSet moved;
  private final int[] @Nullable [] arrived;
  private final int[] arrivedCount;

  /// @param frozen partitions of which nothing may move; grows
  /// @param ids above every device id
  Moves(SlotTable table, DomainTree tree, BitSet frozen, int ids) {
    this.table = table;
    this.tree = tree;
    this.frozen = frozen;
    this.moved = new BitSet();
    this.arrived = new int[ids][];
    this.arrivedCount = new int[ids];
  }

  boolean frozen(int part) {
    return frozen.get(part);
  }

  /// Whether what is in a slot may still go to another device.
  boolean free(int slot) {
    return moved.get(slot) || !frozen.get(table.part(slot));
  }

  /// Takes a replica off its device, to be placed anew.
  void take(int slot) {
    tree.leave(table.at(slot));
    table.put(slot, RowTable.NONE);
  }

  /// Puts back what was taken, as if nothing had happened.
  void putBack(int slot, int device) {
    table.put(slot, device);
    tree.arrive(device);
  }

  /// Gives a slot's replica to a device.
  void move(int slot, int to) {
    if (table.at(slot) != RowTable.NONE) {
      tree.leave(table.at(slot));
    }
    putBack(slot, to);
    moved.set(slot);
    frozen.set(table.part(slot));
    int[] known = arrived[to];
    int count = arrivedCount[to]++;
    if (known == null || count == known.length) {
      known = known == null ? new int[4] : Arrays.copyOf(known, 2 * count);
      arrived[to] = known;
    }
    known[count] = slot;
  }

  /// How many slots were given to a device, some of which it may have given away again.
  int arrivedCount(int device) {
    return arrivedCount[device];
  }

  /// The n-th slot that was given to a device.
  int arrived(int device, int n) {
    int[] known = arrived[device];
    return known == null ? -1 : known[n];
  }
}
