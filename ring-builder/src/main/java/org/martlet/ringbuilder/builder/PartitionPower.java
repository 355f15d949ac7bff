package org.martlet.ringbuilder.builder;

import java.util.OptionalInt;
import org.martlet.common.ring.RingDevice;

/// Doubles the number of partitions of a builder: partition p becomes 2p and 2p + 1, both on the
/// devices of p, so that no data leaves its device.
///
/// The states are Swift's, which its servers need and ours do not: prepared, increased, finished.
/// What is prepared can be canceled. Unlike there an increase need not be prepared, since Martlet's
/// servers relink nothing; but as there another one waits until it is finished, so that a step that
/// is repeated by mistake doubles once.
public final class PartitionPower {
  private static final String FINISH = "finish_increase_partition_power";

  private PartitionPower() {}

  /// Announces an increase, for servers of Swift.
  ///
  /// @throws RingBuilderException if there is one under way, or no more partitions are possible
  public static void prepare(RingBuilder builder) throws RingBuilderException {
    if (isPrepared(builder)) {
      throw new RingBuilderException("the ring is already prepared for partition power increase");
    }
    checkSettled(builder, "another increase");
    checkRoom(builder);
    builder.nextPartPower = OptionalInt.of(builder.partPower + 1);
    builder.version++;
  }

  /// Takes back what was prepared, up to [#finish].
  ///
  /// @throws RingBuilderException if nothing is prepared
  public static void cancel(RingBuilder builder) throws RingBuilderException {
    if (!isPrepared(builder)) {
      throw new RingBuilderException("no partition power increase is prepared: nothing to cancel");
    }
    builder.nextPartPower = OptionalInt.of(builder.partPower);
    builder.version++;
  }

  /// Ends an increase, or what was canceled.
  ///
  /// @throws RingBuilderException if there is none to be ended
  public static void finish(RingBuilder builder) throws RingBuilderException {
    if (isPrepared(builder)) {
      throw new RingBuilderException(
          "the partition power is not increased yet: increase_partition_power, or"
              + " cancel_increase_partition_power, comes first");
    }
    if (builder.nextPartPower.isEmpty()) {
      throw new RingBuilderException("no partition power increase is under way: nothing to finish");
    }
    builder.nextPartPower = OptionalInt.empty();
    builder.version++;
  }

  private static boolean isPrepared(RingBuilder builder) {
    return builder.nextPartPower.orElse(builder.partPower) > builder.partPower;
  }

  /// @param what has to wait, in words
  static void checkSettled(RingBuilder builder, String what) throws RingBuilderException {
    if (builder.nextPartPower.isPresent()) {
      throw new RingBuilderException(
          isPrepared(builder)
              ? "a partition power increase is prepared: before %s it has to be made or canceled, and"
                      .formatted(what)
                  + " finished"
              : "an increase of the partition power (%d now) is not finished: before %s comes %s"
                  .formatted(builder.partPower, what, FINISH));
    }
  }

  private static void checkRoom(RingBuilder builder) throws RingBuilderException {
    RingBuilder.restore(builder.id, builder.partPower + 1, builder.replicas, builder.minPartHours);
  }

  /// A builder with one more bit of partitions; the given one is unchanged.
  ///
  /// @throws RingBuilderException if the partitions would be more than a builder holds, or the last
  ///     increase is not finished
  public static RingBuilder increased(RingBuilder from) throws RingBuilderException {
    if (!isPrepared(from)) {
      checkSettled(from, "another increase");
    }
    RingBuilder to =
        RingBuilder.restore(from.id, from.partPower + 1, from.replicas, from.minPartHours);
    to.overload = from.overload;
    to.version = from.version + 1;
    to.devicesChanged = from.devicesChanged;
    to.nextPartPower = OptionalInt.of(to.partPower);
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
