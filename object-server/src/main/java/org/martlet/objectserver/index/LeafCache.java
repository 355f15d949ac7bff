package org.martlet.objectserver.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.Digest;

/// The digests of leaves that were changed lately, so that the next change of one does not have to
/// read it from the database: that was an eighth of the CPU of a small PUT.
///
/// A table of fixed size, 400 KiB; of two leaves that fall into the same slot the later stays.
///
/// Threads: one.
final class LeafCache {
  private static final int SLOT_BITS = 14;
  private static final int SLOTS = 1 << SLOT_BITS;
  private static final long EMPTY = -1;

  /// 2^64 divided by the golden ratio: neighbours go to slots far apart.
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private final long[] leaves = new long[SLOTS];
  private final long[] high = new long[SLOTS];
  private final long[] low = new long[SLOTS];

  LeafCache() {
    clear();
  }

  void clear() {
    Arrays.fill(leaves, EMPTY);
  }

  /// The digest last put for a leaf; null if it is not known here.
  @Nullable Digest get(LeafName leaf) {
    long name = name(leaf);
    int slot = slot(name);
    return leaves[slot] == name ? new Digest(high[slot], low[slot]) : null;
  }

  /// @param digest what the database holds, [Digest#ZERO] for nothing
  void put(LeafName leaf, Digest digest) {
    long name = name(leaf);
    int slot = slot(name);
    leaves[slot] = name;
    high[slot] = digest.high();
    low[slot] = digest.low();
  }

  private static long name(LeafName leaf) {
    return ((long) leaf.policy() << Integer.SIZE) | leaf.number();
  }

  private static int slot(long name) {
    return (int) ((name * SPREAD) >>> (Long.SIZE - SLOT_BITS));
  }
}
