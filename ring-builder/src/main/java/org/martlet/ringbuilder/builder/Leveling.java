package org.martlet.ringbuilder.builder;

import java.util.Arrays;

/// Brings devices to their quotas: those that hold too much give to those that hold too little,
/// one move for each replica too many wherever spread allows it, and never making a spread
/// worse.
///
/// A replica leaves the largest domain that holds too much (a device's region before its zone,
/// server, itself) and goes to a domain beside that one that holds too little; so it helps at
/// every level at once. What cannot be given that way goes along [AugmentingPaths]. Replicas
/// that move in any case are sent elsewhere before any other is moved.
final class Leveling {
  private static final int MORE_TRIES = 8;

  private final SlotTable table;
  private final DomainTree tree;
  private final Spread spread;
  private final Moves moves;
  private final Shuffle shuffle;
  private final int ids;

  Leveling(SlotTable table, DomainTree tree, Spread spread, Moves moves, Shuffle shuffle, int ids) {
    this.table = table;
    this.tree = tree;
    this.spread = spread;
    this.moves = moves;
    this.shuffle = shuffle;
    this.ids = ids;
  }

  void run() {
    int[] over = shuffle.all(overfull());
    if (over.length == 0) {
      return;
    }
    for (int device : over) {
      resend(device);
    }
    SlotIndex index = new SlotIndex(table, moves, shuffle, ids);
    relieve(over, new AugmentingPaths(table, tree, spread, moves, index, false));
    for (int device : over) {
      moveFreshly(device, index);
    }
    relieve(over, new AugmentingPaths(table, tree, spread, moves, index, true));
  }

  private void relieve(int[] over, AugmentingPaths paths) {
    for (int device : over) {
      int tries = MORE_TRIES - 2 * need(device);
      while (need(device) < 0 && tries-- > 0 && paths.relieve(device)) {
        // Each turn moves a replica or two; the count of turns ends it in any case.
      }
    }
  }

  private int[] overfull() {
    int[] over = new int[ids];
    int found = 0;
    for (int device = 0; device < ids; device++) {
      if (tree.leaf(device) >= 0 && tree.usable(device) && need(device) < 0) {
        over[found++] = device;
      }
    }
    return Arrays.copyOf(over, found);
  }

  private int need(int device) {
    return tree.need(tree.leaf(device));
  }

  /// Sends what came to a device just now to another one instead.
  private void resend(int device) {
    for (int n = 0; need(device) < 0 && n < moves.arrivedCount(device); n++) {
      give(moves.arrived(device, n), device);
    }
  }

  private void moveFreshly(int device, SlotIndex index) {
    for (int n = 0; need(device) < 0 && n < index.count(device); n++) {
      give(index.slot(device, n), device);
    }
  }

  private void give(int slot, int device) {
    if (table.at(slot) == device && moves.free(slot)) {
      int to = taker(slot, device);
      if (to >= 0) {
        moves.move(slot, to);
      }
    }
  }

  /// The device that should get a slot's replica, or -1.
  private int taker(int slot, int device) {
    int part = table.part(slot);
    int top = shedLevel(device);
    for (int level = top; level < DomainTree.LEVELS; level++) {
      if (!spread.spare(part, level, tree.node(level, device))) {
        return -1;
      }
    }
    int node = top == 0 ? DomainTree.ROOT : tree.node(top - 1, device);
    for (int level = top; level < DomainTree.LEVELS; level++) {
      node = neediest(part, level, node);
      if (node < 0) {
        return -1;
      }
    }
    return tree.device(node);
  }

  /// The highest level from which down to the device all its domains hold too much.
  private int shedLevel(int device) {
    int level = DomainTree.LEVELS - 1;
    while (level > 0 && tree.need(tree.node(level - 1, device)) < 0) {
      level--;
    }
    return level;
  }

  /// The child that lacks most and has room for a replica of the partition, or -1.
  private int neediest(int part, int level, int node) {
    int best = -1;
    for (int child : tree.children(node)) {
      int need = tree.need(child);
      if (need > 0 && (best < 0 || need > tree.need(best)) && spread.room(part, level, child)) {
        best = child;
      }
    }
    return best;
  }
}
