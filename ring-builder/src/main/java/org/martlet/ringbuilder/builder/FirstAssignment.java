package org.martlet.ringbuilder.builder;

import java.util.Arrays;
import java.util.Objects;
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
  private final int parts;
  private final Shuffle shuffle;
  private final int[][] rows;
  private final int[] filled;
  private final int[][] countAtLevel;

  private FirstAssignment(int parts, int replicas, Shuffle shuffle) {
    this.parts = parts;
    this.shuffle = shuffle;
    this.rows = RowTable.empty(parts, replicas);
    this.filled = new int[parts];
    this.countAtLevel = new int[Tier.LEVELS + 1][parts];
  }

  /// @param replicas over all partitions: the quota of the plan's root
  static int[][] of(Plan plan, Domains domains, int parts, int replicas, Shuffle shuffle) {
    FirstAssignment assignment = new FirstAssignment(parts, replicas, shuffle);
    int extra = replicas % parts;
    assignment.place(
        plan.root(),
        replicas / parts,
        IntStream.range(0, extra).toArray(),
        IntStream.range(extra, parts).toArray());
    assignment.shuffleRows();
    assignment.mix(domains);
    return assignment.rows;
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
        rows[filled[part]++][part] = id;
      }
      return;
    }
    Tier[] children = tier.children.toArray(Tier[]::new);
    for (int i = children.length - 1; i > 0; i--) {
      int j = shuffle.below(i + 1);
      Tier child = children[i];
      children[i] = children[j];
      children[j] = child;
    }
    Rounds rounds = new Rounds(base == 0 ? more : concat(more, fewer), more);
    int[] count = countAtLevel[tier.level];
    for (Tier child : children) {
      int[] held = rounds.take(child.quota, count);
      int childBase = child.quota / parts;
      int[] childMore = Arrays.stream(held).filter(part -> count[part] > childBase).toArray();
      int[] childFewer =
          childBase == 0
              ? new int[0]
              : Arrays.stream(held).filter(part -> count[part] == childBase).toArray();
      for (int part : held) {
        count[part] = 0;
      }
      place(child, childBase, childMore, childFewer);
    }
  }

  private static int[] concat(int[] a, int[] b) {
    int[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /// Which replica number a device has for a partition says nothing about the device.
  private void shuffleRows() {
    for (int part = 0; part < parts; part++) {
      for (int i = filled[part] - 1; i > 0; i--) {
        int j = shuffle.below(i + 1);
        int device = rows[i][part];
        rows[i][part] = rows[j][part];
        rows[j][part] = device;
      }
    }
  }

  /// Swaps the devices of two slots where that changes no count that matters.
  ///
  /// Children whose stretches lie in the same round never meet in a partition; after this they
  /// do, and a lost device is rebuilt by all others.
  private void mix(Domains domains) {
    for (int row = 0; row < rows.length; row++) {
      for (int part = 0; part < rows[row].length; part++) {
        int otherRow = shuffle.below(rows.length);
        int other = shuffle.below(rows[otherRow].length);
        int device = rows[row][part];
        int otherDevice = rows[otherRow][other];
        if (part != other
            && device != otherDevice
            && domains.cost(rows, part, row, otherDevice) <= 0
            && domains.cost(rows, other, otherRow, device) <= 0) {
          rows[row][part] = otherDevice;
          rows[otherRow][other] = device;
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

    private int[] nextRound(int needed, int @Nullable [] count) {
      int[] round = shuffle.all(all.clone());
      if (count == null || needed >= round.length) {
        return round;
      }
      int[] counted = Objects.requireNonNull(count);
      int least = Arrays.stream(round).map(part -> counted[part]).min().orElse(0);
      int[] lessHeld = Arrays.stream(round).filter(part -> counted[part] == least).toArray();
      int[] moreHeld = Arrays.stream(round).filter(part -> counted[part] != least).toArray();
      return shuffle.range(concat(lessHeld, moreHeld), needed, round.length);
    }
  }
}
