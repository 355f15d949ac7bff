package org.martlet.common.protocol;

import java.math.BigInteger;
import java.util.Collection;
import java.util.Comparator;
import org.martlet.common.model.Timestamp;

/// How far a container's rows have come: later whenever the rows know more.
///
/// It follows from the clocks of the rows alone, which are those of clients' requests, so that what
/// replicas say about their rows can be compared although their servers' clocks differ. Joining
/// rows never makes it earlier: of several replicas that have met, none is later than the others
/// together. Nor does forgetting a deleted row: what it weighed is kept ([#forgetting]).
///
/// - Order: the newest clock, then the weight.
///
/// @param newest the latest clock of any row
/// @param weight the sum over all clocks of all rows, deleted ones too; 0 or more
public record RowsClock(Timestamp newest, BigInteger weight) implements Comparable<RowsClock> {
  public static final RowsClock ZERO = new RowsClock(Timestamp.ZERO, BigInteger.ZERO);

  /// No number of rows that a disk can hold needs more.
  public static final int MAX_WEIGHT_BYTES = 32;

  /// What is forgotten weighs at most 2 to the power of this, so that no sum with it is too large.
  public static final int FORGOTTEN_BITS = 224;

  private static final int OFFSET_BITS = 63;
  private static final Comparator<RowsClock> ORDER =
      Comparator.comparing(RowsClock::newest).thenComparing(RowsClock::weight);

  /// @throws IllegalArgumentException if the weight is negative or longer than 32 bytes
  public RowsClock {
    if (weight.signum() < 0 || weight.bitLength() >= MAX_WEIGHT_BYTES * Byte.SIZE) {
      throw new IllegalArgumentException("a sum of clocks is negative or too large");
    }
  }

  /// With the clocks of one more row.
  public RowsClock plus(Collection<Timestamp> clocks) {
    Timestamp latest = newest;
    BigInteger sum = weight;
    for (Timestamp clock : clocks) {
      latest = Timestamp.max(latest, clock);
      sum = sum.add(weight(clock));
    }
    return new RowsClock(latest, sum);
  }

  /// With the clocks of one more row that is forgotten.
  public RowsClock forgetting(Collection<Timestamp> clocks) {
    RowsClock more = plus(clocks);
    return more.isForgettable() ? more : new RowsClock(more.newest, weight);
  }

  /// Whether so much may have been forgotten: no number of rows reaches the bound.
  public boolean isForgettable() {
    return weight.bitLength() <= FORGOTTEN_BITS;
  }

  /// Of what there is together with what is forgotten.
  public RowsClock with(RowsClock forgotten) {
    return new RowsClock(Timestamp.max(newest, forgotten.newest), weight.add(forgotten.weight));
  }

  /// What both know to be forgotten; each may have forgotten rows that the other has yet to forget.
  public static RowsClock merge(RowsClock a, RowsClock b) {
    return new RowsClock(Timestamp.max(a.newest, b.newest), a.weight.max(b.weight));
  }

  /// Without the clocks of a row that was counted.
  public RowsClock minus(Collection<Timestamp> clocks) {
    BigInteger sum = weight;
    for (Timestamp clock : clocks) {
      sum = sum.subtract(weight(clock));
    }
    return new RowsClock(newest, sum);
  }

  /// Larger for a later clock.
  private static BigInteger weight(Timestamp clock) {
    return BigInteger.valueOf(clock.ticks())
        .shiftLeft(OFFSET_BITS)
        .add(BigInteger.valueOf(clock.offset()));
  }

  @Override
  public int compareTo(RowsClock other) {
    return ORDER.compare(this, other);
  }
}
