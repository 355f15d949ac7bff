package org.martlet.ringbuilder.builder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;

class RingBuilderPropertiesTest {
  private static final int POWER = 7;
  private static final int PARTS = 1 << POWER;

  private final Clusters.HandClock clock = new Clusters.HandClock();

  @Property(tries = 300)
  void aFirstAssignmentMeetsThePlanExactly(
      @ForAll long seed,
      @ForAll @IntRange(min = 5, max = 40) int devices,
      @ForAll @IntRange(min = 4, max = 20) int quarterReplicas,
      @ForAll @DoubleRange(max = 1.5) double overload)
      throws RingBuilderException {
    double replicas = quarterReplicas / 4.0;
    RingBuilder builder = Clusters.random(seed, POWER, replicas, devices, overload);
    Plan plan = plan(builder);
    RebalanceResult result = builder.rebalance(seed, clock);

    builder.validate();
    assertThat(result.changed()).isEqualTo((int) (replicas * PARTS));
    for (Tier leaf : plan.root().leaves()) {
      assertThat(builder.partitionsOn(id(leaf))).isEqualTo(leaf.quota);
      assertThat((double) leaf.quota).isBetween(leaf.target * PARTS - 1, leaf.target * PARTS + 1);
    }
    checkSpread(plan.root(), builder);
  }

  @Property(tries = 150)
  void aSecondRebalanceMovesNothing(
      @ForAll long seed,
      @ForAll @IntRange(min = 5, max = 40) int devices,
      @ForAll @IntRange(min = 4, max = 20) int quarterReplicas,
      @ForAll @DoubleRange(max = 1.5) double overload)
      throws RingBuilderException {
    RingBuilder builder = Clusters.random(seed, POWER, quarterReplicas / 4.0, devices, overload);
    builder.rebalance(seed, clock);
    builder.pretendMinPartHoursPassed();

    assertThat(builder.rebalance(seed + 1, clock).changed()).isZero();
  }

  @Property(tries = 100)
  void theSameSeedGivesTheSameRing(@ForAll long seed) throws RingBuilderException {
    RingBuilder one = Clusters.random(seed, POWER, 3, 12, 0.1);
    RingBuilder two = Clusters.random(seed, POWER, 3, 12, 0.1);
    for (int step = 0; step < 3; step++) {
      one.rebalance(seed, clock);
      two.rebalance(seed, clock);
      assertThat(one.toRing().placesAs(two.toRing())).isTrue();
      change(one, new Random(seed + step));
      change(two, new Random(seed + step));
      clock.pass(Duration.ofHours(2));
    }
  }

  @Property(tries = 300)
  void noPartitionMovesTwiceInItsHoursAndOnlyOneReplicaMovesAtATime(
      @ForAll long seed, @ForAll @IntRange(min = 8, max = 24) int devices)
      throws RingBuilderException {
    RingBuilder builder = Clusters.random(seed, POWER, 3, devices, 0);
    builder.rebalance(seed, clock);
    Random random = new Random(seed);
    long[] lastMoved = builder.lastMoves.seconds().clone();
    for (int step = 0; step < 4; step++) {
      change(builder, random);
      int[][] before = RowTable.copy(builder.rows);
      List<Integer> removed = builder.removed().stream().map(id -> id.value()).toList();
      clock.pass(Duration.ofMinutes(random.nextInt(90)));
      builder.rebalance(random.nextLong(), clock);

      builder.validate();
      for (int part = 0; part < PARTS; part++) {
        checkMoves(part, before, builder, removed, lastMoved[part]);
      }
      lastMoved = builder.lastMoves.seconds().clone();
    }
  }

  @Property(tries = 300)
  void rebalancesReachThePlanAndThenMoveNothing(
      @ForAll long seed,
      @ForAll @IntRange(min = 8, max = 40) int devices,
      @ForAll @IntRange(min = 4, max = 20) int quarterReplicas,
      @ForAll @DoubleRange(max = 1.5) double overload)
      throws RingBuilderException {
    RingBuilder builder = Clusters.random(seed, POWER, quarterReplicas / 4.0, devices, overload);
    builder.rebalance(seed, clock);
    change(builder, new Random(seed));
    int left = Integer.MAX_VALUE;
    for (int pass = 0; left > 0; pass++) {
      builder.pretendMinPartHoursPassed();
      RebalanceResult result = builder.rebalance(seed + pass, clock);
      assertThat(result.left()).as("every pass does something").isLessThan(left);
      left = result.left();
    }
    Plan plan = plan(builder);
    checkSpread(plan.root(), builder);
    assertThat(plan.root().leaves()).allMatch(leaf -> leaf.quota == leaf.held);
    builder.pretendMinPartHoursPassed();
    assertThat(builder.rebalance(seed + 99, clock).changed()).isZero();
  }

  @Property(tries = 300)
  void noRebalanceBeatsTheLowerBound(
      @ForAll long seed,
      @ForAll @IntRange(min = 8, max = 40) int devices,
      @ForAll @IntRange(min = 4, max = 20) int quarterReplicas,
      @ForAll @DoubleRange(max = 1.5) double overload)
      throws RingBuilderException {
    RingBuilder builder = Clusters.random(seed, POWER, quarterReplicas / 4.0, devices, overload);
    RebalanceResult first = builder.rebalance(seed, clock);
    assertThat(first.fewest()).isEqualTo(first.changed());
    Random random = new Random(seed);
    for (int step = 0; step < 3; step++) {
      change(builder, random);
      clock.pass(Duration.ofMinutes(random.nextInt(90)));
      RebalanceResult result = builder.rebalance(seed + step, clock);
      assertThat(result.aboveFewest()).isNotNegative();
    }
  }

  /// Where every partition may move and the cluster has room to choose, one pass meets every
  /// quota, and no other way needs noticeably fewer moves.
  @Property(tries = 100)
  void anOrdinaryChangeTakesTheFewestMovesThereAre(
      @ForAll long seed, @ForAll @IntRange(min = 4, max = 8) int zones)
      throws RingBuilderException {
    Random random = new Random(seed);
    RingBuilder builder = Clusters.regular(10, zones, 2 + random.nextInt(3), 2 + random.nextInt(4));
    builder.rebalance(seed, clock);
    builder.pretendMinPartHoursPassed();
    change(builder, random);
    RebalanceResult result = builder.rebalance(seed, clock);

    assertThat(result.left()).isZero();
    assertThat(plan(builder).root().leaves()).allMatch(leaf -> leaf.quota == leaf.held);
    assertThat((double) result.aboveFewest()).isLessThanOrEqualTo(0.02 * result.fewest() + 4);
  }

  /// One of the things that operators do.
  private static void change(RingBuilder builder, Random random) throws RingBuilderException {
    List<RingDevice> devices = builder.devices();
    RingDevice any = devices.get(random.nextInt(devices.size()));
    switch (random.nextInt(4)) {
      case 0 -> {
        for (int i = 0; i < 2; i++) {
          builder.add(Clusters.device(0, random.nextInt(4), 9, random.nextInt(), 300));
        }
      }
      case 1 -> {
        if (devices.size() > 6) {
          builder.remove(any.id());
        }
      }
      case 2 -> builder.setWeight(any.id(), 100 * (1 + random.nextInt(8)));
      default -> {
        if (devices.stream().filter(device -> device.weight() > 0).count() > 6) {
          builder.setWeight(any.id(), 0);
        }
      }
    }
  }

  private static void checkMoves(
      int part, int[][] before, RingBuilder builder, List<Integer> removed, long lastMoved) {
    int lost = 0;
    int moved = 0;
    for (int row = 0; row < before.length; row++) {
      if (before[row][part] != builder.rows[row][part]) {
        if (removed.contains(before[row][part])) {
          lost++;
        } else {
          moved++;
        }
      }
    }
    assertThat(moved).isLessThanOrEqualTo(lost > 0 ? 0 : 1);
    if (moved > 0 && lastMoved != 0) {
      assertThat(builder.lastMoves.seconds()[part] - lastMoved).isGreaterThanOrEqualTo(3600);
    }
  }

  private static Plan plan(RingBuilder builder) throws RingBuilderException {
    int parts = builder.partitionCount();
    int[] held = RowTable.count(builder.rows, builder.roster.nextId());
    int replicas = (int) (builder.replicas() * parts);
    return Plan.of(builder.devices(), parts, replicas, builder.overload(), held);
  }

  /// Every domain holds floor(target) to ceil(target) replicas of each partition.
  private static void checkSpread(Tier tier, RingBuilder builder) {
    Map<Integer, Integer> counts = new HashMap<>();
    List<Integer> ids = tier.leaves().stream().map(leaf -> id(leaf).value()).toList();
    for (int[] row : builder.rows) {
      for (int part = 0; part < row.length; part++) {
        if (ids.contains(row[part])) {
          counts.merge(part, 1, Integer::sum);
        }
      }
    }
    assertThat(counts.values()).allMatch(count -> count <= Plan.most(tier));
    boolean everywhere = Plan.least(tier) == 0 || counts.size() == PARTS;
    assertThat(everywhere).isTrue();
    assertThat(counts.values()).allMatch(count -> count >= Plan.least(tier));
    tier.children.forEach(child -> checkSpread(child, builder));
  }

  private static DeviceId id(Tier leaf) {
    return leaf.device.id();
  }
}
