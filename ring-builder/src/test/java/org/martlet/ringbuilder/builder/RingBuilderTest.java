package org.martlet.ringbuilder.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

class RingBuilderTest {
  private final Clusters.HandClock clock = new Clusters.HandClock();

  /// Swift: 768 assigned, balance 0, dispersion 0, version 5.
  @Test
  void fourEqualDevicesShareEqually() throws RingBuilderException {
    RingBuilder builder = Clusters.flat(8, 3, 4);
    RebalanceResult result = builder.rebalance(1, clock);

    assertThat(result).isEqualTo(new RebalanceResult(768, 0, 0, 0, 768, 0));
    assertThat(builder.version()).isEqualTo(5);
    for (int id = 0; id < 4; id++) {
      assertThat(builder.partitionsOn(new DeviceId(id))).isEqualTo(192);
    }
  }

  /// A device cannot hold a partition twice: 256 is all it can get, whatever its weight.
  @Test
  void aDeviceWithTwiceTheWeightGetsAtMostEveryPartitionOnce() throws RingBuilderException {
    RingBuilder builder = Clusters.flat(8, 3, 4);
    builder.rebalance(1, clock);
    builder.setWeight(new DeviceId(0), 1000);
    clock.pass(Duration.ofHours(2));
    RebalanceResult result = builder.rebalance(2, clock);

    assertThat(builder.partitionsOn(new DeviceId(0))).isEqualTo(256);
    assertThat(result.changed()).isEqualTo(64);
    assertThat(result.fewest()).isEqualTo(64);
    assertThat(result.dispersion()).isZero();
  }

  /// Swift for zones 1, 1, 2, 2, 3: balance 0.39 and dispersion 13.28 without overload; 66.67
  /// and 0 with enough of it; 66.67 % are required.
  @Test
  void overloadTradesBalanceForDispersion() throws RingBuilderException {
    RingBuilder builder = RingBuilder.create(8, 3, 1);
    for (int zone : new int[] {1, 1, 2, 2, 3}) {
      builder.add(Clusters.device(1, zone, builder.devices().size(), 1, 100));
    }
    RebalanceResult without = builder.rebalance(1, clock);
    assertThat(without.balance()).isCloseTo(0.39, within(0.01));
    assertThat(without.dispersion()).isCloseTo(13.28, within(0.07));
    assertThat(builder.requiredOverload()).isCloseTo(0.6667, within(0.0001));

    builder.setOverload(1);
    for (int pass = 0; pass < 2; pass++) {
      builder.pretendMinPartHoursPassed();
      builder.rebalance(pass, clock);
    }
    assertThat(builder.dispersion()).isZero();
    assertThat(builder.balance()).isCloseTo(66.67, within(0.01));
    assertThat(builder.partitionsOn(new DeviceId(4))).isEqualTo(256);
  }

  @Test
  void fractionalReplicasFillPartOfTheLastRow() throws RingBuilderException {
    RingBuilder builder = Clusters.flat(8, 2.25, 4);
    builder.rebalance(1, clock);

    assertThat(Arrays.stream(builder.rows).mapToInt(row -> row.length))
        .containsExactly(256, 256, 64);
    assertThat(builder.toRing().replicaCount()).isEqualTo(2.25);
    builder.validate();
  }

  @Test
  void removedDevicesAreEmptiedAtOnceAndTheirIdsStayFree() throws RingBuilderException {
    RingBuilder builder = Clusters.flat(8, 3, 5);
    builder.rebalance(1, clock);
    int held = builder.partitionsOn(new DeviceId(1));
    builder.remove(new DeviceId(1));
    RebalanceResult result = builder.rebalance(2, clock);

    assertThat(result.changed()).isEqualTo(held);
    assertThat(result.removedDevices()).isEqualTo(1);
    assertThat(result.balance()).isLessThan(1);
    assertThat(builder.devices())
        .extracting(device -> device.id().value())
        .containsExactly(0, 2, 3, 4);
    assertThat(builder.add(Clusters.device(1, 9, 1, 1, 100)).id()).isEqualTo(new DeviceId(5));
  }

  @Test
  void aDeviceWithoutWeightIsDrainedOneReplicaAPartitionAtATime() throws RingBuilderException {
    RingBuilder builder = Clusters.flat(8, 3, 6);
    builder.rebalance(1, clock);
    builder.setWeight(new DeviceId(0), 0);
    assertThat(builder.balance()).isEqualTo(RingBuilder.BALANCE_OF_DRAINING);
    builder.rebalance(2, clock);
    assertThat(builder.partitionsOn(new DeviceId(0))).as("its hours have not passed").isPositive();

    clock.pass(Duration.ofHours(1));
    builder.rebalance(3, clock);
    assertThat(builder.partitionsOn(new DeviceId(0))).isZero();
    assertThat(builder.balance()).isLessThan(1);
  }

  @Test
  void aNewDeviceTakesExactlyItsShareAndNothingElseMoves() throws RingBuilderException {
    RingBuilder builder = Clusters.flat(10, 3, 9);
    builder.rebalance(1, clock);
    clock.pass(Duration.ofHours(1));
    DeviceId added = builder.add(Clusters.device(1, 20, 1, 1, 100)).id();
    RebalanceResult result = builder.rebalance(2, clock);

    assertThat(builder.partitionsOn(added)).isBetween(307, 308);
    assertThat(result.changed()).isEqualTo(builder.partitionsOn(added));
  }

  @Test
  void replicaCountChangesKeepWhatIsThere() throws RingBuilderException {
    RingBuilder builder = Clusters.flat(8, 2, 6);
    builder.rebalance(1, clock);
    int[][] two = Arrays.stream(builder.rows).map(int[]::clone).toArray(int[][]::new);
    builder.setReplicas(3);
    RebalanceResult grown = builder.rebalance(2, clock);

    assertThat(builder.rows).hasDimensions(3, 256);
    assertThat(Arrays.copyOf(builder.rows, 2)).isDeepEqualTo(two);
    assertThat(grown.changed()).isEqualTo(256);
    assertThat(grown.balance()).isLessThan(1);
    builder.setReplicas(1);
    builder.rebalance(3, clock);
    assertThat(builder.rows).hasDimensions(1, 256);
    builder.validate();
  }

  @Test
  void weightsThatCannotBeComparedAreRefused() throws RingBuilderException {
    for (double[] weights : new double[][] {{1, 1e-300, 1}, {1e308, 1e308, 1}}) {
      RingBuilder builder = RingBuilder.create(4, 2, 1);
      for (double weight : weights) {
        builder.add(Clusters.device(1, builder.devices().size(), 1, 1, weight));
      }
      refused(() -> builder.rebalance(1, clock), "too far apart");
    }
  }

  /// When a disk fails, its copies must come from everywhere, not from two neighbours.
  @Test
  void aDevicesPartitionsAreSharedWithAllOthers() throws RingBuilderException {
    RingBuilder builder = Clusters.flat(12, 3, 30);
    builder.rebalance(1, clock);
    Ring ring = builder.toRing();
    Set<RingDevice> partners = new HashSet<>();
    for (int part = 0; part < 4096; part++) {
      if (ring.isPrimary(new PartitionId(part), new DeviceId(7))) {
        partners.addAll(ring.primaries(new PartitionId(part)));
      }
    }
    assertThat(partners).hasSize(30);
  }

  @Test
  void everyDeviceIsFirstReplicaAboutEquallyOften() throws RingBuilderException {
    RingBuilder builder = Clusters.flat(12, 3, 8);
    builder.rebalance(1, clock);
    int[] first = RowTable.count(new int[][] {builder.rows[0]}, 8);
    assertThat(Arrays.stream(first)).allMatch(count -> count > 400 && count < 630);
  }

  @Test
  void minPartTimeIsCountedFromTheLastMove() throws RingBuilderException {
    RingBuilder builder = Clusters.flat(4, 3, 4);
    builder.setMinPartHours(2);
    assertThat(builder.minPartTimeLeft(clock)).isZero();
    builder.rebalance(1, clock);
    clock.pass(Duration.ofMinutes(45));
    assertThat(builder.minPartTimeLeft(clock)).isEqualTo(Duration.ofMinutes(75));
    builder.pretendMinPartHoursPassed();
    assertThat(builder.minPartTimeLeft(clock)).isZero();
  }

  @Test
  void whatCannotBeDoneIsRefusedAndChangesNothing() throws RingBuilderException {
    refused(() -> RingBuilder.create(25, 3, 1), "part power");
    refused(() -> RingBuilder.create(8, 0.5, 1), "replica count");
    refused(() -> RingBuilder.create(8, Double.NaN, 1), "replica count");
    refused(() -> RingBuilder.create(24, 64, 1), "assignments");
    refused(() -> RingBuilder.create(8, 3, -1), "min_part_hours");

    RingBuilder builder = Clusters.flat(8, 3, 2);
    refused(() -> builder.rebalance(1, clock), "2 devices with a weight, too few for 3 replicas");
    refused(builder::validate, "rebalance");
    refused(builder::toRing, "rebalance");
    refused(
        () -> builder.add(Clusters.device(1, 0, 1, 1, 5)),
        "device 0 already uses 10.1.0.1:6200/d1");
    refused(() -> builder.setWeight(new DeviceId(7), 1), "no device 7");
    refused(() -> builder.setWeight(new DeviceId(0), -1), "weight");
    refused(() -> builder.setOverload(-0.1), "overload");
    builder.remove(new DeviceId(0));
    refused(() -> builder.remove(new DeviceId(1)), "last");
    refused(() -> builder.setWeight(new DeviceId(0), 1), "marked for removal");
    assertThat(builder.version()).isEqualTo(3);
    assertThat(builder.everRebalanced()).isFalse();
  }

  @Test
  void aHundredDevicesAndAQuarterMillionPartitionsTakeSeconds() throws RingBuilderException {
    RingBuilder builder = RingBuilder.create(18, 3, 1);
    for (int i = 0; i < 100; i++) {
      builder.add(Clusters.device(1 + i % 2, i % 5, i % 10, i, 1000 + 500 * (i % 3)));
    }
    long start = System.nanoTime();
    builder.rebalance(1, clock);
    long first = System.nanoTime();
    builder.validate();
    for (int i = 0; i < 10; i++) {
      builder.add(Clusters.device(1 + i % 2, i % 5, 11, i, 1500));
    }
    builder.remove(new DeviceId(3));
    builder.pretendMinPartHoursPassed();
    long before = System.nanoTime();
    RebalanceResult result = builder.rebalance(2, clock);
    long second = System.nanoTime();

    builder.validate();
    assertThat(result.balance()).isLessThan(1);
    assertThat(Duration.ofNanos(first - start + second - before))
        .isLessThan(Duration.ofSeconds(20));
  }

  private static void refused(ThrowingCallable action, String why) {
    assertThatThrownBy(action).isInstanceOf(RingBuilderException.class).hasMessageContaining(why);
  }
}
