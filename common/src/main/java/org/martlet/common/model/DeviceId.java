package org.martlet.common.model;

/// A device's number in a ring: its index in the ring's device list.
///
/// @param value 0 or more
public record DeviceId(int value) implements Comparable<DeviceId> {
  public DeviceId {
    if (value < 0) {
      throw new IllegalArgumentException("device id is negative: " + value);
    }
  }

  @Override
  public int compareTo(DeviceId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
