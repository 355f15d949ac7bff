package org.martlet.common.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;

/// Which devices hold each partition: an immutable table, with Swift's order of primaries and
/// handoffs.
///
/// - Shape: `ceil(replicas)` rows of `2^partPower` device ids, the last row shorter when the
///   replica count is fractional; two bytes an entry up to device id 65534, four above. 2^22
///   partitions with three replicas take 24 MiB.
/// - Threads: any.
public final class Ring {
  /// The greatest part power that this implementation holds in memory.
  public static final int MAX_PART_POWER = 30;

  private final int partPower;
  private final @Nullable RingDevice[] byId;
  private final List<RingDevice> devices;
  private final Assignment assignment;
  private final Tiers tiers;
  private final long version;
  private final OptionalInt nextPartPower;

  /// Makes a ring from rows of device ids; the rows are copied.
  ///
  /// @param partPower 0 to [#MAX_PART_POWER]
  /// @param devices the devices, each id once; ids need not be contiguous
  /// @param rows for each replica the device id of each partition; all full but the last
  /// @param version the builder's version, 0 if unknown
  /// @throws IllegalArgumentException if there are no rows, a row has a wrong length, or an
  ///     entry names no device
  public static Ring of(int partPower, Collection<RingDevice> devices, int[][] rows, long version) {
    return of(partPower, devices, rows, version, OptionalInt.empty());
  }

  /// The same, of a builder whose partition power is being increased.
  ///
  /// @param nextPartPower see [#nextPartPower]
  public static Ring of(
      int partPower,
      Collection<RingDevice> devices,
      int[][] rows,
      long version,
      OptionalInt nextPartPower) {
    checkPartPower(partPower);
    return new Ring(
        partPower, devices, Assignment.copyOf(1 << partPower, rows), version, nextPartPower);
  }

  /// @param assignment of `2^partPower` partitions
  Ring(
      int partPower,
      Collection<RingDevice> devices,
      Assignment assignment,
      long version,
      OptionalInt nextPartPower) {
    checkPartPower(partPower);
    this.partPower = partPower;
    this.byId = index(devices);
    this.devices = Arrays.stream(byId).filter(Objects::nonNull).toList();
    this.assignment = assignment;
    this.tiers = new Tiers(byId, checkRows());
    this.version = version;
    this.nextPartPower = nextPartPower;
  }

  private static void checkPartPower(int partPower) {
    if (partPower < 0 || partPower > MAX_PART_POWER) {
      throw new IllegalArgumentException(
          "part power is not in 0.." + MAX_PART_POWER + ": " + partPower);
    }
  }

  public int partPower() {
    return partPower;
  }

  /// `2^partPower`.
  public int partitionCount() {
    return 1 << partPower;
  }

  /// The number of rows: the greatest number of replicas that a partition has.
  public int rows() {
    return assignment.rows();
  }

  /// The replica count, fractional when the last row is short.
  public double replicaCount() {
    int last = assignment.rows() - 1;
    return last + assignment.length(last) / (double) partitionCount();
  }

  /// The builder's version, 0 if the file did not say.
  public long version() {
    return version;
  }

  /// Set while Swift's partition power increase is under way; Martlet needs no such state.
  public OptionalInt nextPartPower() {
    return nextPartPower;
  }

  /// Every device in order of id, those without partitions too.
  public List<RingDevice> devices() {
    return devices;
  }

  /// The device with an id, or null if the ring has none.
  public @Nullable RingDevice device(DeviceId id) {
    return id.value() < byId.length ? byId[id.value()] : null;
  }

  public PartitionId partition(ObjectHash hash) {
    return hash.partition(partPower);
  }

  /// The devices that should hold a partition, in row order, each once. A device's index in
  /// this list is its replica number (Swift's node index).
  public List<RingDevice> primaries(PartitionId partition) {
    int part = check(partition);
    int replicas = assignment.shape().replicas(part);
    if (replicas == 3) {
      int first = assignment.device(0, part);
      int second = assignment.device(1, part);
      int third = assignment.device(2, part);
      if (first != second && first != third && second != third) {
        // Nearly every lookup of nearly every ring: four times as fast as the loop.
        return List.of(deviceAt(first), deviceAt(second), deviceAt(third));
      }
    }
    return distinct(part, replicas);
  }

  private List<RingDevice> distinct(int part, int replicas) {
    RingDevice[] found = new RingDevice[replicas];
    int count = 0;
    for (int row = 0; row < replicas; row++) {
      int id = assignment.device(row, part);
      boolean twice = false;
      for (int before = 0; before < row; before++) {
        twice |= assignment.device(before, part) == id;
      }
      if (!twice) {
        found[count++] = deviceAt(id);
      }
    }
    return List.of(count == replicas ? found : Arrays.copyOf(found, count));
  }

  /// The devices of a partition row by row, a device twice if two rows name it: the assignment
  /// as it is in the file. Servers want [#primaries].
  public List<DeviceId> assigned(PartitionId partition) {
    int part = check(partition);
    List<DeviceId> found = new ArrayList<>(assignment.rows());
    for (int row = 0; row < assignment.rows() && part < assignment.length(row); row++) {
      found.add(new DeviceId(assignment.device(row, part)));
    }
    return found;
  }

  /// Every other device that holds any partition, in the order in which they stand in for the
  /// primaries: other regions first, then zones, then servers, then any device.
  ///
  /// Found as it is iterated: taking the first few is cheap, however many devices there are.
  public Iterable<RingDevice> handoffs(PartitionId partition) {
    int part = check(partition);
    return () -> new HandoffIterator(this, part);
  }

  public boolean isPrimary(PartitionId partition, DeviceId device) {
    int part = check(partition);
    for (int row = 0; row < assignment.rows() && part < assignment.length(row); row++) {
      if (assignment.device(row, part) == device.value()) {
        return true;
      }
    }
    return false;
  }

  /// Whether both rings place every partition on the same devices: addresses, weights and
  /// versions may differ.
  public boolean placesAs(Ring other) {
    if (this == other) {
      return true;
    }
    return partPower == other.partPower && assignment.isSameAs(other.assignment);
  }

  /// Whether every name has the same primaries in both rings: as [#placesAs], but one may have
  /// more partitions than the other, each cut into halves that stay where it was. Who stands in
  /// for the primaries is another question: that depends on the number of the partition.
  public boolean hasPrimariesOf(Ring other) {
    if (partPower < other.partPower) {
      return other.hasPrimariesOf(this);
    }
    return partPower == other.partPower
        ? placesAs(other)
        : isCutFrom(other.assignment, partPower - other.partPower);
  }

  private boolean isCutFrom(Assignment coarse, int bits) {
    if (coarse.rows() != assignment.rows()) {
      return false;
    }
    for (int row = 0; row < coarse.rows(); row++) {
      int length = assignment.length(row);
      if (length != (long) coarse.length(row) << bits) {
        return false;
      }
      for (int part = 0; part < length; part++) {
        if (assignment.device(row, part) != coarse.device(row, part >>> bits)) {
          return false;
        }
      }
    }
    return true;
  }

  Assignment assignment() {
    return assignment;
  }

  Tiers tiers() {
    return tiers;
  }

  RingDevice deviceAt(int id) {
    return Objects.requireNonNull(byId[id], "rows were checked when the ring was made");
  }

  private int check(PartitionId partition) {
    if (partition.value() >= partitionCount()) {
      throw new IllegalArgumentException(
          "partition " + partition + " is not below " + partitionCount());
    }
    return partition.value();
  }

  private static @Nullable RingDevice[] index(Collection<RingDevice> devices) {
    int size = devices.stream().mapToInt(device -> device.id().value() + 1).max().orElse(0);
    @Nullable RingDevice[] byId = new @Nullable RingDevice[size];
    for (RingDevice device : devices) {
      int id = device.id().value();
      if (byId[id] != null) {
        throw new IllegalArgumentException("device id " + id + " is given twice");
      }
      byId[id] = device;
    }
    return byId;
  }

  /// Checks every entry and returns which ids hold a partition.
  private boolean[] checkRows() {
    boolean[] holdsParts = new boolean[byId.length];
    for (int part = 0; part < partitionCount(); part++) {
      for (int row = 0; row < assignment.shape().replicas(part); row++) {
        int id = assignment.device(row, part);
        if (id < 0 || id >= byId.length || byId[id] == null) {
          throw new IllegalArgumentException(
              "partition "
                  + part
                  + ", replica "
                  + row
                  + " is on device "
                  + id
                  + ", which is not in the device list");
        }
        holdsParts[id] = true;
      }
    }
    return holdsParts;
  }
}
