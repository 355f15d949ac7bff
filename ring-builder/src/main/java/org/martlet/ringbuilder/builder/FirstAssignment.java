package org.martlet.ringbuilder.builder;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Assigns every replica of a new ring, meeting the plan's quotas and bounds exactly.
///
/// Systematic sampling, from the top of the tree down. A domain has a list of (partition,
/// replica) slots: rounds, each holding every partition at most once in a random order. Its
/// children take consecutive stretches of that list, as long as their quotas. A stretch that
/// stays within a round holds no partition twice; for one that runs into the next round, that
/// round is ordered so that what the stretch holds less often comes first. So each child holds
/// every partition floor(share) or ceil(share) times: full quotas, no partition twice on a
/// device, the spread that the plan promised, in one pass without a search. Fresh random orders
/// in each round and domain spread each device's partitions over all the others, so that a lost
/// device is rebuilt by many.
final class FirstAssignment {
  private final SlotTable table;
  private final int parts;
  private final Shuffle shuffle;
  private final int[] filled;
  private final int[][] countAtLevel;

  private FirstAssignment(SlotTable table, Shuffle shuffle) {
    this.table = table;
    this.parts = table.parts();
    this.shuffle = shuffle;
    this.filled = new int[parts];
    this.countAtLevel = new int[Tier.LEVELS + 1][parts];
  }

  /// @param replicas over all partitions: the quota of the plan's root
  static SlotTable of(Plan plan, DomainTree tree, int parts, int replicas, Shuffle shuffle) {
    FirstAssignment assignment = new FirstAssignment(SlotTable.empty(parts, replicas), shuffle);
    int extra = replicas % parts;
    assignment.place(
        plan.root(),
        replicas / parts,
        IntStream.range(0, extra).toArray(),
        IntStream.range(extra, parts).toArray());
    assignment.shuffleRows();
    assignment.mix(new Spread(assignment.table, tree));
    return assignment.table;
  }

  /// Gives a domain each partition of `more` once more than `base` times, and each of `fewer`
  /// `base` times.
  private void place(Tier tier, int base, int[] more, int[] fewer) {
    if (tier.device != null) {
      int id = tier.device.id().value();
      if (base > 1 || (base == 1 && more.length > 0)) {
        throw new IllegalStateException("the plan puts a partition on device " + id + " twice");
      }
      for (int part : base == 0 ? more : fewer) {
        table.put(table.first(part) + filled[part]++, id);
      }
      return;
    }
    Rounds rounds = new Rounds(base == 0 ? more : concat(more, fewer), more);
    int[] count = countAtLevel[tier.level];
    for (Tier child : shuffled(tier)) {
      int[] held = rounds.take(child.quota, count);
      int childBase = child.quota / parts;
      int ahead = moreFirst(held, count, childBase);
      for (int part : held) {
        count[part] = 0;
      }
      int[] childFewer = childBase == 0 ? new int[0] : Arrays.copyOfRange(held, ahead, held.length);
      place(child, childBase, Arrays.copyOf(held, ahead), childFewer);
    }
  }

  private Tier[] shuffled(Tier tier) {
    Tier[] children = tier.children.toArray(Tier[]::new);
    for (int i = children.length - 1; i > 0; i--) {
      int j = shuffle.below(i + 1);
      Tier child = children[i];
      children[i] = children[j];
      children[j] = child;
    }
    return children;
  }

  /// Puts the partitions that were counted more than `base` times first; returns how many those
  /// are.
  private static int moreFirst(int[] held, int[] count, int base) {
    int ahead = 0;
    for (int i = 0; i < held.length; i++) {
      int part = held[i];
      if (count[part] > base) {
        held[i] = held[ahead];
        held[ahead++] = part;
      }
    }
    return ahead;
  }

  private static int[] concat(int[] a, int[] b) {
    int[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /// Which replica number a device has for a partition says nothing about the device.
  private void shuffleRows() {
    for (int part = 0; part < parts; part++) {
      int first = table.first(part);
      for (int i = filled[part] - 1; i > 0; i--) {
        swap(first + i, first + shuffle.below(i + 1));
      }
    }
  }

  private void swap(int slot, int other) {
    int device = table.at(slot);
    table.put(slot, table.at(other));
    table.put(other, device);
  }

  /// Swaps the devices of two slots where that changes no count that matters.
  ///
  /// Children whose stretches lie in the same round never meet in a partition; after this they
  /// do, and a lost device is rebuilt by all others.
  private void mix(Spread spread) {
    for (int part = 0; part < parts; part++) {
      for (int slot = table.first(part); slot < table.end(part); slot++) {
        int other = shuffle.below(parts);
        int otherSlot = table.first(other) + shuffle.below(filled[other]);
        int device = table.at(slot);
        int otherDevice = table.at(otherSlot);
        if (part != other
            && device != otherDevice
            && spread.mayMove(slot, otherDevice)
            && spread.mayMove(otherSlot, device)) {
          swap(slot, otherSlot);
        }
      }
    }
  }

  /// A domain's slots, taken from the front: first the short round of the partitions that it
  /// holds once more than the others, then full rounds.
  private final class Rounds {
    private final int[] all;
    private int[] order;
    private int next;

    Rounds(int[] all, int[] shortRound) {
      this.all = all;
      this.order = shuffle.all(shortRound.clone());
    }

    /// Takes slots, counts their partitions in `count`, and returns each partition once.
    int[] take(int slots, int[] count) {
      int[] held = new int[Math.min(slots, parts)];
      int heldCount = 0;
      int needed = slots;
      while (needed > 0) {
        if (next == order.length) {
          order = nextRound(needed, heldCount > 0 ? count : null);
          next = 0;
        }
        int part = order[next++];
        if (count[part]++ == 0) {
          held[heldCount++] = part;
        }
        needed--;
      }
      return Arrays.copyOf(held, heldCount);
    }

    /// Every partition once; what was counted less comes first, as far as it will be needed.
    private int[] nextRound(int needed, int @Nullable [] count) {
      int[] round = shuffle.all(all.clone());
      if (count == null || needed >= round.length) {
        return round;
      }
      int least = Integer.MAX_VALUE;
      for (int part : round) {
        least = Math.min(least, count[part]);
      }
      int[] ordered = new int[round.length];
      int front = 0;
      int back = round.length;
      for (int part : round) {
        if (count[part] == least) {
          ordered[front++] = part;
        } else {
          ordered[--back] = part;
        }
      }
      return shuffle.range(ordered, needed, round.length);
    }
  }
}
