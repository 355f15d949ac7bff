package org.martlet.ringbuilder.builder;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

/// What a ring is made from, and what must be remembered between rebalances.
///
/// Changes to devices take effect in the assignment with the next [#rebalance]. Device ids are
/// not used again: servers keep the previous ring for a while, and in it an id must mean the
/// same disk.
///
/// Not thread-safe. Every method that throws leaves the builder as it was.
public final class RingBuilder {
  /// The greatest part power that a builder makes: 16 million partitions.
  public static final int MAX_PART_POWER = 24;

  /// The most replicas of a partition.
  public static final int MAX_REPLICAS = 64;

  /// The most entries of an assignment, partitions times replicas.
  public static final int MAX_ASSIGNMENTS = 1 << 28;

  /// The greatest id of a device; format 1 of the ring file cannot hold more.
  public static final int MAX_DEVICE_ID = 65534;

  /// Shown as the balance of a device that has no weight but still holds partitions.
  public static final double BALANCE_OF_DRAINING = 999.99;

  final String id;
  final int partPower;
  double replicas;
  int minPartHours;
  double overload;
  long version;
  boolean devicesChanged;

  /// As in a ring of Swift's; see [PartitionPower].
  OptionalInt nextPartPower = OptionalInt.empty();

  final DeviceRoster roster;

  /// By replica and partition, device ids; no rows before the first rebalance.
  int[][] rows = new int[0][];

  LastMoves lastMoves = LastMoves.none();

  private RingBuilder(String id, int partPower, DeviceRoster roster) {
    this.id = id;
    this.partPower = partPower;
    this.roster = roster;
  }

  /// A builder without devices.
  ///
  /// @param partPower 0 to [#MAX_PART_POWER]: there will be `2^partPower` partitions
  /// @param replicas 1 to [#MAX_REPLICAS]; with a fraction, that share of the partitions has
  ///     one more
  /// @param minPartHours for so long a partition stays put after a move; 0 or more
  /// @throws RingBuilderException if a number is out of range
  public static RingBuilder create(int partPower, double replicas, int minPartHours)
      throws RingBuilderException {
    String id = UUID.randomUUID().toString().replace("-", "");
    return restore(id, partPower, replicas, minPartHours);
  }

  /// Starts over from a ring, when the builder is lost: every partition may move at once, and
  /// which ids were used before is forgotten.
  ///
  /// @throws RingBuilderException if the ring is beyond what a builder can hold
  public static RingBuilder fromRing(Ring ring, int minPartHours) throws RingBuilderException {
    RingBuilder builder = create(ring.partPower(), ring.replicaCount(), minPartHours);
    for (RingDevice device : ring.devices()) {
      builder.roster.restore(device, false);
    }
    int[][] rows = RowTable.empty(builder.partitionCount(), builder.totalReplicas());
    for (int part = 0; part < builder.partitionCount(); part++) {
      List<DeviceId> assigned = ring.assigned(new PartitionId(part));
      for (int row = 0; row < assigned.size(); row++) {
        rows[row][part] = assigned.get(row).value();
      }
    }
    builder.rows = rows;
    builder.lastMoves = new LastMoves(new long[builder.partitionCount()]);
    builder.version = ring.version();
    builder.nextPartPower = ring.nextPartPower();
    return builder;
  }

  static RingBuilder restore(String id, int partPower, double replicas, int minPartHours)
      throws RingBuilderException {
    if (partPower < 0 || partPower > MAX_PART_POWER) {
      throw new RingBuilderException(
          "the part power must be 0 to %d, not %d".formatted(MAX_PART_POWER, partPower));
    }
    RingBuilder builder = new RingBuilder(id, partPower, new DeviceRoster());
    builder.setReplicas(replicas);
    builder.setMinPartHours(minPartHours);
    builder.devicesChanged = false;
    return builder;
  }

  public String id() {
    return id;
  }

  public int partPower() {
    return partPower;
  }

  public int partitionCount() {
    return 1 << partPower;
  }

  /// Set while the partition power is being increased: one more than [#partPower] when that is
  /// prepared, the same once it is done but not finished.
  public OptionalInt nextPartPower() {
    return nextPartPower;
  }

  public double replicas() {
    return replicas;
  }

  public int minPartHours() {
    return minPartHours;
  }

  public double overload() {
    return overload;
  }

  /// Goes up with every change of the devices and with every rebalance.
  public long version() {
    return version;
  }

  /// Whether devices were added, changed or removed since the last rebalance, or the replica count
  /// was.
  public boolean devicesChanged() {
    return devicesChanged;
  }

  public boolean everRebalanced() {
    return rows.length > 0;
  }

  /// The devices in order of id, those marked for removal too.
  public List<RingDevice> devices() {
    return List.copyOf(roster.all());
  }

  /// The devices that the next rebalance will remove.
  public Set<DeviceId> removed() {
    return Set.copyOf(roster.removed());
  }

  /// Adds a device and gives it an id.
  ///
  /// @param device the id in it is ignored
  /// @return the device with its id
  /// @throws RingBuilderException if another device has the same address and name
  public RingDevice add(RingDevice device) throws RingBuilderException {
    PartitionPower.checkSettled(this, "devices are added");
    RingDevice added = roster.add(device);
    changed();
    return added;
  }

  /// Marks a device for removal at the next rebalance, which reassigns all that it holds,
  /// however recently that moved.
  ///
  /// @throws RingBuilderException if there is no such device, or it is the last one
  public void remove(DeviceId device) throws RingBuilderException {
    PartitionPower.checkSettled(this, "devices are removed");
    roster.markRemoved(device);
    changed();
  }

  /// Changes what is known about a device. Weight, region and zone matter at the next
  /// rebalance, the rest as soon as a ring is written.
  ///
  /// @throws RingBuilderException if there is no such device, it is to be removed, or another
  ///     has the new address and name
  public void update(RingDevice device) throws RingBuilderException {
    if (roster.update(device)) {
      changed();
    }
  }

  /// @throws RingBuilderException if there is no such device, it is to be removed, or the
  ///     weight is negative
  public void setWeight(DeviceId device, double weight) throws RingBuilderException {
    RingDevice old = roster.known(device);
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new RingBuilderException("the weight must be 0 or more, not " + weight);
    }
    update(
        new RingDevice(
            device,
            old.region(),
            old.zone(),
            old.ip(),
            old.port(),
            old.replicationIp(),
            old.replicationPort(),
            old.device(),
            weight,
            old.meta()));
  }

  /// Takes effect at the next rebalance.
  public void setReplicas(double newReplicas) throws RingBuilderException {
    if (!(newReplicas >= 1) || newReplicas > MAX_REPLICAS) {
      throw new RingBuilderException(
          "the replica count must be 1 to %d, not %s".formatted(MAX_REPLICAS, newReplicas));
    }
    if (newReplicas * partitionCount() > MAX_ASSIGNMENTS) {
      throw new RingBuilderException(
          "%s replicas of %d partitions are more than %d assignments"
              .formatted(newReplicas, partitionCount(), MAX_ASSIGNMENTS));
    }
    int slots = totalReplicas();
    replicas = newReplicas;
    // As in Swift: the next rebalance is saved however few partitions get or lose a replica.
    devicesChanged |= slots != totalReplicas();
  }

  public void setMinPartHours(int hours) throws RingBuilderException {
    if (hours < 0) {
      throw new RingBuilderException("min_part_hours must be 0 or more, not " + hours);
    }
    minPartHours = hours;
  }

  /// @param fraction by how much a device may exceed its weight for a better spread; 0.1 is 10
  ///     %
  public void setOverload(double fraction) throws RingBuilderException {
    if (!(fraction >= 0) || Double.isInfinite(fraction)) {
      throw new RingBuilderException("the overload must be 0 or more, not " + fraction);
    }
    overload = fraction;
  }

  /// Lets every partition move at the next rebalance.
  public void pretendMinPartHoursPassed() {
    lastMoves.forget();
  }

  /// How long until every partition may move, zero if it may now.
  public Duration minPartTimeLeft(InstantSource clock) {
    return lastMoves.left(minPartHours, clock.instant());
  }

  /// Assigns every partition: all of them the first time, later as few as bring the ring to its
  /// plan.
  ///
  /// A partition that moved less than `minPartHours` ago stays put, and of no partition does
  /// more than one replica move, but for what is on removed devices.
  ///
  /// @param seed the same builder, seed and time give the same ring
  /// @throws RingBuilderException if there are too few devices, or the partition power is being
  ///     increased
  public RebalanceResult rebalance(long seed, InstantSource clock) throws RingBuilderException {
    PartitionPower.checkSettled(this, "a rebalance");
    int parts = partitionCount();
    int total = totalReplicas();
    List<RingDevice> staying = roster.staying();
    int ids = roster.nextId();
    int[][] old = rows;
    int[][] now = RowTable.resize(old, parts, total);
    takeFromRemoved(now);
    Plan plan = Plan.of(staying, parts, total, overload, RowTable.count(now, ids));
    DomainTree tree = new DomainTree(staying, ids, plan);
    Shuffle shuffle = new Shuffle(seed);
    long second = clock.instant().getEpochSecond();
    int fewest = total;
    int left = 0;
    if (old.length == 0) {
      rows = FirstAssignment.of(plan, tree, parts, total, shuffle).toRows();
      lastMoves = new LastMoves(new long[parts]);
    } else {
      BitSet frozen = lastMoves.frozen(old, now, minPartHours, second);
      SlotTable table = SlotTable.of(now, parts);
      tree.arriveAll(table);
      PlanGap gap = new PlanGap(table, tree);
      fewest = gap.fewestMoves();
      new Rebalancer(table, tree, frozen, shuffle, ids).run(gap.misplaced());
      left = new PlanGap(table, tree).fewestMoves();
      rows = table.toRows();
    }
    lastMoves.note(old, rows, second);
    int gone = roster.dropRemoved();
    devicesChanged = false;
    version++;
    int changes = RowTable.changes(old, rows);
    return new RebalanceResult(changes, gone, balance(), dispersion(), fewest, left);
  }

  /// A builder in the same state, to try things on.
  public RingBuilder copy() {
    RingBuilder copy = new RingBuilder(id, partPower, roster.copy());
    copy.replicas = replicas;
    copy.minPartHours = minPartHours;
    copy.overload = overload;
    copy.version = version;
    copy.devicesChanged = devicesChanged;
    copy.nextPartPower = nextPartPower;
    copy.rows = RowTable.copy(rows);
    copy.lastMoves = lastMoves.copy();
    return copy;
  }

  /// What has to be copied for an earlier state of this builder to become this one.
  public Movement movementSince(RingBuilder earlier) {
    return Movement.between(earlier, this);
  }

  /// The overload at which the spread would be as unique as the devices allow.
  ///
  /// @throws RingBuilderException if there are too few devices
  public double requiredOverload() throws RingBuilderException {
    return Plan.of(roster.staying(), partitionCount(), totalReplicas(), overload, new int[0])
        .requiredOverload();
  }

  /// By device, the partition replicas that it holds.
  public Map<DeviceId, Integer> partitionsByDevice() {
    int[] held = held();
    Map<DeviceId, Integer> partitions = new TreeMap<>();
    roster.all().forEach(device -> partitions.put(device.id(), held[device.id().value()]));
    return partitions;
  }

  /// The partition replicas on a device.
  public int partitionsOn(DeviceId device) {
    return partitionsByDevice().getOrDefault(device, 0);
  }

  /// By device, the percentage by which it holds more (or, negative, less) than its weight
  /// says.
  public Map<DeviceId, Double> balances() {
    double weights = roster.staying().stream().mapToDouble(RingDevice::weight).sum();
    int[] held = held();
    Map<DeviceId, Double> balances = new TreeMap<>();
    for (RingDevice device : roster.all()) {
      double weight = roster.isRemoved(device.id()) ? 0 : device.weight();
      int holds = held[device.id().value()];
      double fair = weight * totalReplicas() / weights;
      double balance =
          weight > 0 ? 100.0 * holds / fair - 100 : holds > 0 ? BALANCE_OF_DRAINING : 0;
      balances.put(device.id(), balance);
    }
    return balances;
  }

  /// The greatest deviation of a device from its weight, in percent.
  public double balance() {
    return balances().values().stream().mapToDouble(Math::abs).max().orElse(0);
  }

  /// The percentage of replicas that could be on a more distant device; 0 before the first
  /// rebalance.
  public double dispersion() {
    if (!everRebalanced()) {
      return 0;
    }
    int replicasNow = Arrays.stream(rows).mapToInt(row -> row.length).sum();
    return Dispersion.percent(roster.all(), rows, partitionCount(), replicasNow);
  }

  /// Checks the assignment against the devices.
  ///
  /// @throws RingBuilderException naming the first fault
  public void validate() throws RingBuilderException {
    if (!everRebalanced()) {
      throw new RingBuilderException("no partition is assigned: rebalance the ring first");
    }
    RowTable.check(rows, partitionCount(), roster);
  }

  /// The ring as it would be written now.
  ///
  /// @throws RingBuilderException if the assignment is missing or broken
  public Ring toRing() throws RingBuilderException {
    if (!everRebalanced()) {
      throw new RingBuilderException("no partition is assigned: rebalance the ring first");
    }
    return Ring.of(partPower, roster.all(), rows, version, nextPartPower);
  }

  /// By partition that any of the devices hold, how many of its replicas they hold.
  public Map<Integer, Integer> partitionsOn(Collection<DeviceId> wanted) {
    boolean[] asked = roster.marked(wanted);
    Map<Integer, Integer> found = new TreeMap<>();
    for (int[] row : rows) {
      for (int part = 0; part < row.length; part++) {
        if (row[part] != RowTable.NONE && asked[row[part]]) {
          found.merge(part, 1, Integer::sum);
        }
      }
    }
    return found;
  }

  private int totalReplicas() {
    return (int) Math.floor(replicas * partitionCount() + 1e-6);
  }

  private int[] held() {
    return RowTable.count(rows, roster.nextId());
  }

  private void takeFromRemoved(int[][] now) {
    boolean[] gone = roster.marked(roster.removed());
    for (int[] row : now) {
      for (int part = 0; part < row.length; part++) {
        if (row[part] != RowTable.NONE && gone[row[part]]) {
          row[part] = RowTable.NONE;
        }
      }
    }
  }

  private void changed() {
    devicesChanged = true;
    version++;
  }
}
