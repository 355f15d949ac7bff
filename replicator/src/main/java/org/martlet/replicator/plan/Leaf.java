package org.martlet.replicator.plan;

import java.util.Comparator;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.replication.HashRange;

/// All hashes that begin with the same bits: what one digest of a digest tree's lower level is
/// over.
///
/// @param bits how many, 0 to 31
/// @param prefix those bits as a number, below `2^bits`
public record Leaf(int bits, int prefix) implements Comparable<Leaf> {
  private static final int MAX_BITS = 31;
  private static final Comparator<Leaf> ORDER =
      Comparator.comparingInt(Leaf::bits).thenComparingInt(Leaf::prefix);

  public Leaf {
    if (bits < 0 || bits > MAX_BITS) {
      throw new IllegalArgumentException("leaf bits are not in 0.." + MAX_BITS + ": " + bits);
    }
    if (prefix < 0 || prefix >= 1L << bits) {
      throw new IllegalArgumentException("leaf is not below 2^" + bits + ": " + prefix);
    }
  }

  /// The leaf that is a whole partition.
  public static Leaf of(PartitionId partition, int partPower) {
    return new Leaf(partPower, partition.value());
  }

  /// At how many bits two devices compare their leaves: the coarser of both. Where that is coarser
  /// than a partition, the partition is one leaf.
  public static int commonBits(int partPower, int ours, int peers) {
    return Math.max(partPower, Math.min(ours, peers));
  }

  /// The hashes of this leaf.
  public HashRange range() {
    long first = bits == 0 ? 0 : (long) prefix << (Long.SIZE - bits);
    return new HashRange(new ObjectHash(first, 0), new ObjectHash(first | (-1L >>> bits), -1L));
  }

  @Override
  public int compareTo(Leaf other) {
    return ORDER.compare(this, other);
  }
}
