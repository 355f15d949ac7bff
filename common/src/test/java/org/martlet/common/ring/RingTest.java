package org.martlet.common.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;

class RingTest {
  private static final List<RingDevice> FOUR =
      List.of(
          RingsForTests.device(0, 1, 1, "10.0.0.1"),
          RingsForTests.device(1, 1, 1, "10.0.0.1"),
          RingsForTests.device(2, 1, 2, "10.0.0.2"),
          RingsForTests.device(4, 2, 1, "10.0.0.3"));

  @Test
  void primariesComeInRowOrderAndOnce() {
    Ring ring = Ring.of(1, FOUR, new int[][] {{2, 0}, {0, 0}, {2}}, 7);

    assertThat(ids(ring.primaries(new PartitionId(0)))).containsExactly(2, 0);
    assertThat(ids(ring.primaries(new PartitionId(1)))).containsExactly(0);
    assertThat(ring.isPrimary(new PartitionId(0), new DeviceId(2))).isTrue();
    assertThat(ring.isPrimary(new PartitionId(1), new DeviceId(2))).isFalse();
    assertThat(ring.replicaCount()).isEqualTo(2.5);
    assertThat(ring.rows()).isEqualTo(3);
    assertThat(ring.version()).isEqualTo(7);
  }

  @Test
  void devicesAreFoundByIdAndHolesAreNot() {
    Ring ring = Ring.of(0, FOUR, new int[][] {{4}}, 1);

    assertThat(ring.devices()).isEqualTo(FOUR);
    assertThat(ring.device(new DeviceId(4))).isEqualTo(FOUR.get(3));
    assertThat(ring.device(new DeviceId(3))).isNull();
    assertThat(ring.device(new DeviceId(99))).isNull();
  }

  @Test
  void partitionIsTheTopOfTheHash() {
    Ring ring = RingsForTests.random(1, 8, 3, 5);
    ObjectHash hash = ObjectHash.parse("4e2772c453cbe15a19b26fbfbb223e31");
    assertThat(ring.partition(hash)).isEqualTo(new PartitionId(78));
  }

  @Property(tries = 50)
  void cuttingPartitionsMovesNoName(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int bits, @ForAll long high) {
    Ring ring = RingsForTests.random(seed, 6, 2.5, 7);
    Ring cut = RingsForTests.cut(ring, bits);
    ObjectHash name = new ObjectHash(high, seed);

    assertThat(cut.primaries(cut.partition(name))).isEqualTo(ring.primaries(ring.partition(name)));
    assertThat(cut.hasPrimariesOf(ring)).isTrue();
    assertThat(ring.hasPrimariesOf(cut)).isTrue();
    assertThat(ring.hasPrimariesOf(ring)).isTrue();
    assertThat(cut.placesAs(ring)).isFalse();
  }

  @Test
  void aRingThatPlacesOneHalfOfAPartitionElsewhereHasOtherPrimaries() {
    Ring ring = Ring.of(1, FOUR, new int[][] {{2, 0}, {0, 4}, {1}}, 7);
    assertThat(ring.hasPrimariesOf(Ring.of(0, FOUR, new int[][] {{2}, {0}, {1}}, 8))).isFalse();
    assertThat(
            Ring.of(2, FOUR, new int[][] {{2, 2, 0, 0}, {0, 0, 4, 4}, {1, 1}}, 8)
                .hasPrimariesOf(ring))
        .isTrue();
    for (int[][] rows :
        List.of(
            new int[][] {{2, 2, 0, 0}, {0, 0, 4, 2}, {1, 1}},
            new int[][] {{2, 2, 0, 0}, {0, 0, 4, 4}, {1}},
            new int[][] {{2, 2, 0, 0}, {0, 0, 4, 4}})) {
      assertThat(Ring.of(2, FOUR, rows, 8).hasPrimariesOf(ring)).isFalse();
    }
  }

  /// MD5("0") = cfcd2084…, MD5("1") = c4ca4238…, MD5("1000") = a9b7ba70…
  @Test
  void handoffWalkStartsWhereTheMd5OfThePartitionNumberSays() {
    assertThat(HandoffIterator.startOf(0, 8)).isEqualTo(0xcf);
    assertThat(HandoffIterator.startOf(1, 16)).isEqualTo(0xc4ca);
    assertThat(HandoffIterator.startOf(1000, 12)).isEqualTo(0xa9b);
    assertThat(HandoffIterator.startOf(0, 0)).isZero();
  }

  @Test
  void handoffsPreferAnotherRegionThenZoneThenServer() {
    List<RingDevice> devices =
        List.of(
            RingsForTests.device(0, 1, 1, "10.0.0.1"),
            RingsForTests.device(1, 1, 1, "10.0.0.1"),
            RingsForTests.device(2, 1, 1, "10.0.0.2"),
            RingsForTests.device(3, 1, 2, "10.0.0.3"),
            RingsForTests.device(4, 2, 1, "10.0.0.4"));
    int[] row = new int[256];
    for (int part = 0; part < row.length; part++) {
      row[part] = part % 5;
    }
    Ring ring = Ring.of(8, devices, new int[][] {row}, 1);

    assertThat(ids(ring.handoffs(new PartitionId(0)))).containsExactly(4, 3, 2, 1);
    assertThat(ids(ring.handoffs(new PartitionId(1)))).containsExactly(4, 3, 2, 0);
  }

  @Test
  void devicesWithoutPartitionsNeverStandIn() {
    Ring ring = Ring.of(2, FOUR, new int[][] {{0, 1, 0, 1}}, 1);
    for (int part = 0; part < 4; part++) {
      assertThat(ids(ring.handoffs(new PartitionId(part)))).hasSizeLessThan(2).doesNotContain(2, 4);
    }
  }

  @Test
  void handoffIteratorEndsWithAnException() {
    Ring ring = Ring.of(0, FOUR, new int[][] {{0}}, 1);
    Iterator<RingDevice> handoffs = ring.handoffs(new PartitionId(0)).iterator();
    assertThat(handoffs.hasNext()).isFalse();
    assertThatThrownBy(handoffs::next).isInstanceOf(NoSuchElementException.class);
  }

  @Property(tries = 200)
  void handoffsAreTheReferenceOrder(
      @ForAll long seed,
      @ForAll @IntRange(max = 9) int power,
      @ForAll @IntRange(min = 1, max = 20) int count) {
    Ring ring = RingsForTests.random(seed, power, 1 + (seed & 7) / 2.0, count);
    PartitionId part = new PartitionId(Long.hashCode(seed) & (ring.partitionCount() - 1));
    assertThat(ids(ring.handoffs(part))).isEqualTo(SwiftHandoffs.of(ring, part.value()));
  }

  @Property(tries = 200)
  void handoffsAndPrimariesShareNoDeviceAndRepeatNone(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int count) {
    Ring ring = RingsForTests.random(seed, 6, 3, count);
    for (int part = 0; part < 64; part += 7) {
      List<Integer> all = ids(ring.primaries(new PartitionId(part)));
      all.addAll(ids(ring.handoffs(new PartitionId(part))));
      assertThat(new HashSet<>(all)).hasSameSizeAs(all);
    }
  }

  @Test
  void ringsOverAnyDeviceIdAreHeld() {
    RingDevice far = RingsForTests.device(0, 1, 1, "10.0.0.1");
    RingDevice wide = RingDevice.of(new DeviceId(70_000), 1, 1, "10.0.0.2", 6200, "d", 1);
    Ring ring = Ring.of(2, List.of(far, wide), new int[][] {{0, 70_000, 0, 0}}, 1);

    assertThat(ids(ring.primaries(new PartitionId(1)))).containsExactly(70_000);
    assertThat(ids(ring.handoffs(new PartitionId(1)))).containsExactly(0);
  }

  /// As Swift: the walk wraps to the step, not to 0, and never visits partition 0 again.
  @Test
  void partitionZeroIsNotVisitedAfterTheWrap() {
    Ring ring = Ring.of(1, FOUR, new int[][] {{0, 1}}, 1);
    assertThat(HandoffIterator.startOf(1, 1)).isEqualTo(1);
    assertThat(ids(ring.handoffs(new PartitionId(1)))).isEmpty();
  }

  @Test
  void rowsThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> Ring.of(1, FOUR, new int[][] {}, 1))
        .hasMessageContaining("rebalanced");
    assertThatThrownBy(() -> Ring.of(1, FOUR, new int[][] {{0}}, 1)).hasMessageContaining("row 0");
    assertThatThrownBy(() -> Ring.of(1, FOUR, new int[][] {{0, 0}, {0}, {0, 0}}, 1))
        .hasMessageContaining("row 1");
    assertThatThrownBy(() -> Ring.of(1, FOUR, new int[][] {{0, 3}}, 1))
        .hasMessageContaining("device 3");
    assertThatThrownBy(() -> Ring.of(1, FOUR, new int[][] {{0, -1}}, 1))
        .isInstanceOf(IllegalArgumentException.class);
    Ring ring = Ring.of(1, FOUR, new int[][] {{0, 0}}, 1);
    assertThatThrownBy(() -> ring.primaries(new PartitionId(2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ringsThatPlaceAlikeAreRecognised() {
    Ring ring = Ring.of(1, FOUR, new int[][] {{0, 1}}, 1);
    assertThat(ring.placesAs(Ring.of(1, FOUR, new int[][] {{0, 1}}, 2))).isTrue();
    assertThat(ring.placesAs(Ring.of(1, FOUR, new int[][] {{1, 0}}, 1))).isFalse();
    assertThat(ring.placesAs(Ring.of(0, FOUR, new int[][] {{0}}, 1))).isFalse();
  }

  @Test
  void deviceAddressesAreCheckedAndPrinted() {
    RingDevice six =
        new RingDevice(
            new DeviceId(3), 1, 2, "fe80::1", 6200, "10.1.0.1", 6300, "sdb1", 1, "rack 4");
    assertThat(six.address()).isEqualTo("[fe80::1]:6200");
    assertThat(six.label()).isEqualTo("d3r1z2-[fe80::1]:6200R10.1.0.1:6300/sdb1_\"rack 4\"");
    Set<String> bad = Set.of("", "a b", "a/b", "x\r\nHost: y");
    for (String host : bad) {
      assertThatThrownBy(() -> RingDevice.of(new DeviceId(0), 1, 1, host, 6200, "d", 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (String name : Set.of("", "..", "a/b")) {
      assertThatThrownBy(() -> RingDevice.of(new DeviceId(0), 1, 1, "h", 6200, name, 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (double weight : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> RingDevice.of(new DeviceId(0), 1, 1, "h", 6200, "d", weight))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static List<Integer> ids(Iterable<RingDevice> devices) {
    List<Integer> ids = new ArrayList<>();
    devices.forEach(device -> ids.add(device.id().value()));
    return ids;
  }
}
