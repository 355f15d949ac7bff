package org.martlet.common.model;

/// A partition of a ring: the top bits of an [ObjectHash].
///
/// @param value 0 to 2^partPower - 1
public record PartitionId(int value) implements Comparable<PartitionId> {
  public PartitionId {
    if (value < 0) {
      throw new IllegalArgumentException("partition is negative: " + value);
    }
  }

  @Override
  public int compareTo(PartitionId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
