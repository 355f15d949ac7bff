package org.martlet.ringbuilder.builder;

import org.martlet.common.ring.RingDevice;

/// Doubles the number of partitions of a builder: partition p becomes 2p and 2p + 1, both on the
/// devices of p, so that no data leaves its device.
public final class PartitionPower {
  private PartitionPower() {}

  /// A builder with one more bit of partitions; the given one is unchanged.
  ///
  /// @throws RingBuilderException if the partitions would be more than a builder holds
  public static RingBuilder increased(RingBuilder from) throws RingBuilderException {
    RingBuilder to =
        RingBuilder.restore(from.id, from.partPower + 1, from.replicas, from.minPartHours);
    to.overload = from.overload;
    to.version = from.version + 1;
    to.devicesChanged = from.devicesChanged;
    for (RingDevice device : from.roster.all()) {
      to.roster.restore(device, from.roster.isRemoved(device.id()));
    }
    to.roster.restoreNextId(from.roster.nextId());
    to.rows = new int[from.rows.length][];
    for (int row = 0; row < from.rows.length; row++) {
      to.rows[row] = new int[2 * from.rows[row].length];
      for (int part = 0; part < to.rows[row].length; part++) {
        to.rows[row][part] = from.rows[row][part / 2];
      }
    }
    long[] moved = from.lastMoves.seconds();
    long[] seconds = new long[2 * moved.length];
    for (int part = 0; part < seconds.length; part++) {
      seconds[part] = moved[part / 2];
    }
    to.lastMoves = new LastMoves(seconds);
    return to;
  }
}
