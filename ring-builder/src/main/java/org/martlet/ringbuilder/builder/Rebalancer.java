package org.martlet.ringbuilder.builder;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Moves an existing assignment towards a plan, as little as it can.
///
/// Three steps. Replicas without a device get one. Partitions that are spread worse than
/// planned, or lie on a device to be emptied, move one replica to where it is planned. Then
/// devices over their quota give to devices under theirs, directly or through up to two others,
/// never making a spread worse.
///
/// Invariant: a partition that was touched is left alone for the rest of the pass, so at most
/// one of its replicas moves, and none if one had to be placed anew. A frozen partition never
/// thaws: what was once found unmovable need not be looked at again.
///
/// One instance works on one table once; it changes the rows in place.
final class Rebalancer {
  private static final int LONGEST_CHAIN = 3;

  private final Domains domains;
  private final int[][] rows;
  private final int parts;
  private final BitSet frozen;
  private final Shuffle shuffle;
  private final int[] usable;
  private final int[] held;

  private final int[] @Nullable [] slotsOf;
  private final int[] @Nullable [] looked;

  /// @param rows full size, with [RowTable#NONE] where a device is missing
  /// @param frozen partitions that must not move; grows
  Rebalancer(Domains domains, int[][] rows, int parts, BitSet frozen, Shuffle shuffle, int ids) {
    this.domains = domains;
    this.rows = rows;
    this.parts = parts;
    this.frozen = frozen;
    this.shuffle = shuffle;
    this.usable = domains.usableDevices();
    this.held = RowTable.count(rows, ids);
    this.slotsOf = new int[ids][];
    this.looked = new int[ids][];
  }

  void run() {
    placeMissing();
    improveSpread();
    level();
  }

  private void placeMissing() {
    int[] order = shuffle.all(IntStream.range(0, parts).toArray());
    for (int part : order) {
      for (int row = 0; row < rows.length && part < rows[row].length; row++) {
        if (rows[row][part] == RowTable.NONE) {
          move(part, row, best(part, row));
        }
      }
    }
  }

  private void improveSpread() {
    int[] order = shuffle.all(IntStream.range(0, parts).toArray());
    for (int part : order) {
      if (!frozen.get(part) && domains.misplaced(rows, part)) {
        improve(part);
      }
    }
  }

  /// Moves the replica whose move helps most; one on a device to be emptied moves even if it
  /// helps nothing else.
  private void improve(int part) {
    long bestCost = Long.MAX_VALUE;
    int bestRow = -1;
    int bestDevice = -1;
    for (int row = 0; row < rows.length && part < rows[row].length; row++) {
      int from = rows[row][part];
      int to = best(part, row);
      long cost = domains.cost(rows, part, row, to);
      boolean worthwhile = from != to && (cost < 0 || !domains.usable(from));
      boolean better =
          cost < bestCost
              || (cost == bestCost && need(from) < need(rows[Math.max(bestRow, 0)][part]));
      if (worthwhile && better) {
        bestCost = cost;
        bestRow = row;
        bestDevice = to;
      }
    }
    if (bestRow >= 0) {
      move(part, bestRow, bestDevice);
    }
  }

  /// The device on which a replica does the spread most good, the neediest among equals.
  private int best(int part, int row) {
    int best = -1;
    long bestCost = Long.MAX_VALUE;
    int start = shuffle.below(usable.length);
    for (int i = 0; i < usable.length; i++) {
      int device = usable[(start + i) % usable.length];
      if (device != rows[row][part]) {
        long cost = domains.cost(rows, part, row, device);
        if (cost < bestCost || (cost == bestCost && need(device) > need(best))) {
          best = device;
          bestCost = cost;
        }
      }
    }
    return best < 0 ? rows[row][part] : best;
  }

  private int need(int device) {
    return domains.quota(device) - held[device];
  }

  /// Empties devices over their quota, the most loaded first.
  private void level() {
    List<Integer> over = new ArrayList<>();
    for (int device = 0; device < held.length; device++) {
      if (held[device] > 0 && need(device) < 0) {
        over.add(device);
      }
    }
    over.sort(Comparator.comparingInt(this::need));
    Deque<Integer> queue = new ArrayDeque<>(over);
    while (!queue.isEmpty()) {
      int device = queue.removeFirst();
      while (need(device) < 0 && (give(device) || giveThroughOthers(device))) {
        // Each turn froze a partition: this ends.
      }
    }
  }

  /// Moves one replica from a device to the neediest one that can take any of its replicas.
  private boolean give(int from) {
    int best = -1;
    for (int to : usable) {
      if (need(to) > 0 && (best < 0 || need(to) > need(best)) && nextMovable(from, to) >= 0) {
        best = to;
      }
    }
    return best >= 0 && moveOne(from, best);
  }

  /// Finds a shortest chain of devices, each of which can give to the next, that ends at one
  /// under its quota; moves one replica along each link, the last first.
  private boolean giveThroughOthers(int from) {
    int[] cameFrom = new int[held.length];
    Arrays.fill(cameFrom, -1);
    cameFrom[from] = from;
    List<Integer> frontier = List.of(from);
    for (int links = 1; links <= LONGEST_CHAIN; links++) {
      List<Integer> reached = new ArrayList<>();
      for (int giver : frontier) {
        for (int taker : usable) {
          if (cameFrom[taker] < 0 && nextMovable(giver, taker) >= 0) {
            cameFrom[taker] = giver;
            if (need(taker) > 0) {
              return moveAlong(cameFrom, from, taker);
            }
            reached.add(taker);
          }
        }
      }
      frontier = reached;
    }
    return false;
  }

  private boolean moveAlong(int[] cameFrom, int from, int to) {
    boolean moved = false;
    for (int taker = to; taker != from; taker = cameFrom[taker]) {
      if (!moveOne(cameFrom[taker], taker)) {
        return moved;
      }
      moved = true;
    }
    return moved;
  }

  private boolean moveOne(int from, int to) {
    int slot = nextMovable(from, to);
    if (slot < 0) {
      return false;
    }
    move(slot % parts, slot / parts, to);
    return true;
  }

  /// The next slot (`row * parts + partition`) that can go from one device to another without
  /// making a spread worse, or -1.
  private int nextMovable(int from, int to) {
    int[] slots = slots(from);
    int[] positions = looked(from);
    while (positions[to] < slots.length) {
      int slot = slots[positions[to]];
      int part = slot % parts;
      int row = slot / parts;
      if (!frozen.get(part) && rows[row][part] == from && domains.cost(rows, part, row, to) <= 0) {
        return slot;
      }
      positions[to]++;
    }
    return -1;
  }

  /// The movable slots of a device when it was first asked, shuffled; what it was given since
  /// is frozen anyway.
  private int[] slots(int device) {
    int[] known = slotsOf[device];
    if (known != null) {
      return known;
    }
    int[] slots = new int[held[device]];
    int found = 0;
    for (int row = 0; row < rows.length; row++) {
      for (int part = 0; part < rows[row].length; part++) {
        if (rows[row][part] == device && !frozen.get(part)) {
          slots[found++] = row * parts + part;
        }
      }
    }
    int[] shuffled = shuffle.all(Arrays.copyOf(slots, found));
    slotsOf[device] = shuffled;
    return shuffled;
  }

  private int[] looked(int device) {
    int[] known = looked[device];
    if (known == null) {
      known = new int[held.length];
      looked[device] = known;
    }
    return known;
  }

  private void move(int part, int row, int to) {
    int from = rows[row][part];
    if (from != RowTable.NONE) {
      held[from]--;
    }
    rows[row][part] = to;
    held[to]++;
    frozen.set(part);
  }
}
