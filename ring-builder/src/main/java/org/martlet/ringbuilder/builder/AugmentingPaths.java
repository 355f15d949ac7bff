package org.martlet.ringbuilder.builder;

import java.util.Arrays;

/// Chains of moves from a device that holds too much to one that holds too little, where no
/// replica can go straight from one to the other: each device on the way gives one and gets one.
///
/// A search over devices, by number of new moves: sending a replica that moved already somewhere
/// else is free, a fresh move costs one. From where no needy device can be reached, none can
/// later: such devices are not searched again.
final class AugmentingPaths {
  private final SlotTable table;
  private final DomainTree tree;
  private final Spread spread;
  private final Moves moves;
  private final SlotIndex index;
  private final boolean freshMoves;

  private final boolean[] open;
  private final boolean[] dead;
  private final int[] openBelow;
  private final int[] slotTo;
  private final int[] cameFrom;
  private final int[] queue;
  private int queued;
  private int found;

  /// @param freshMoves whether replicas may move that have not yet
  AugmentingPaths(
      SlotTable table,
      DomainTree tree,
      Spread spread,
      Moves moves,
      SlotIndex index,
      boolean freshMoves) {
    this.table = table;
    this.tree = tree;
    this.spread = spread;
    this.moves = moves;
    this.index = index;
    this.freshMoves = freshMoves;
    int ids = index.ids();
    this.open = new boolean[ids];
    this.dead = new boolean[ids];
    this.openBelow = new int[tree.nodes()];
    this.slotTo = new int[ids];
    this.cameFrom = new int[ids];
    this.queue = new int[ids];
  }

  /// Moves replicas so that an overfull device holds one less, if that can be done.
  ///
  /// @return whether it may be worth to try again
  boolean relieve(int over) {
    if (dead[over] || !search(over)) {
      return false;
    }
    apply(over);
    return true;
  }

  private boolean search(int over) {
    openAll();
    queued = 0;
    found = -1;
    close(over, -1, over);
    int begin = 0;
    while (begin < queued && found < 0) {
      for (int n = begin; n < queued && found < 0; n++) {
        sendElsewhere(queue[n]);
      }
      int end = queued;
      for (int n = begin; freshMoves && n < end && found < 0; n++) {
        moveFreshly(queue[n]);
      }
      begin = end;
    }
    if (found < 0) {
      for (int n = 0; n < queued; n++) {
        dead[queue[n]] = true;
      }
    }
    return found >= 0;
  }

  private void openAll() {
    Arrays.fill(openBelow, 0);
    for (int device = 0; device < open.length; device++) {
      open[device] = tree.leaf(device) >= 0 && tree.usable(device) && !dead[device];
      if (open[device]) {
        count(device, 1);
      }
    }
  }

  private void count(int device, int by) {
    openBelow[DomainTree.ROOT] += by;
    for (int level = 0; level < DomainTree.LEVELS; level++) {
      openBelow[tree.node(level, device)] += by;
    }
  }

  private void close(int device, int slot, int from) {
    if (open[device]) {
      open[device] = false;
      count(device, -1);
    }
    slotTo[device] = slot;
    cameFrom[device] = from;
    queue[queued++] = device;
    if (tree.need(tree.leaf(device)) > 0) {
      found = device;
    }
  }

  private void sendElsewhere(int device) {
    for (int n = 0; n < moves.arrivedCount(device) && goesOn(); n++) {
      reachFrom(moves.arrived(device, n), device);
    }
  }

  private void moveFreshly(int device) {
    for (int n = 0; n < index.count(device) && goesOn(); n++) {
      reachFrom(index.slot(device, n), device);
    }
  }

  private boolean goesOn() {
    return found < 0 && openBelow[DomainTree.ROOT] > 0;
  }

  private void reachFrom(int slot, int device) {
    if (table.at(slot) == device && moves.free(slot)) {
      int part = table.part(slot);
      int spareFrom = DomainTree.LEVELS;
      while (spareFrom > 0 && spread.spare(part, spareFrom - 1, tree.node(spareFrom - 1, device))) {
        spareFrom--;
      }
      reach(slot, device, 0, DomainTree.ROOT, spareFrom);
    }
  }

  /// Reaches all open devices of a domain that may take a slot's replica.
  ///
  /// @param spareFrom the level from which down the giver's domains can all do without it
  private void reach(int slot, int giver, int level, int node, int spareFrom) {
    if (level == DomainTree.LEVELS) {
      close(tree.device(node), slot, giver);
      return;
    }
    int own = tree.node(level, giver);
    for (int child : tree.children(node)) {
      if (found >= 0) {
        return;
      }
      boolean may =
          openBelow[child] > 0
              && (child == own
                  || (level >= spareFrom && spread.room(table.part(slot), level, child)));
      if (may) {
        reach(slot, giver, level + 1, child, spareFrom);
      }
    }
  }

  /// Moves along the path, the last link first. Links may be in each other's way (two of one
  /// partition): then what was done stays, which brings the gap nearer to its start.
  private void apply(int over) {
    for (int device = found; device != over; device = cameFrom[device]) {
      int slot = slotTo[device];
      boolean still = table.at(slot) == cameFrom[device] && moves.free(slot);
      if (!still || !spread.mayMove(slot, device)) {
        return;
      }
      moves.move(slot, device);
    }
  }
}
