package org.martlet.replicator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

class PassPlanTest {
  private static final List<PartitionId> ALL =
      IntStream.range(0, 1 << RandomRings.PART_POWER).mapToObj(PartitionId::new).toList();

  private record Pair(DeviceId from, DeviceId to, PartitionId partition) {}

  private static Set<Pair> comparisons(Ring ring, DeviceId self) {
    Set<Pair> pairs = new HashSet<>();
    for (PassStep step : PassPlan.of(ring, self, List.of()).steps()) {
      if (step instanceof PassStep.Compare compare) {
        compare.shared().forEach(p -> pairs.add(new Pair(self, compare.peer().id(), p)));
      }
    }
    return pairs;
  }

  private static List<PassStep.GiveAway> handoffs(PassPlan plan) {
    return plan.steps().stream()
        .filter(PassStep.GiveAway.class::isInstance)
        .map(PassStep.GiveAway.class::cast)
        .toList();
  }

  @Property(tries = 100)
  void everyTwoPrimariesOfAPartitionCompareItAndNobodyElseDoes(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int replicas) {
    Ring ring = RandomRings.of(seed, replicas);
    Set<Pair> planned = new HashSet<>();
    Set<Pair> expected = new HashSet<>();
    for (int a = 0; a < RandomRings.DEVICES; a++) {
      planned.addAll(comparisons(ring, new DeviceId(a)));
      for (int b = 0; b < RandomRings.DEVICES; b++) {
        for (PartitionId partition : ALL) {
          Pair pair = new Pair(new DeviceId(a), new DeviceId(b), partition);
          if (a != b
              && ring.isPrimary(partition, pair.from())
              && ring.isPrimary(partition, pair.to())) {
            expected.add(pair);
          }
        }
      }
    }
    assertThat(planned).isEqualTo(expected);
  }

  @Property(tries = 100)
  void whatIsHeldForOthersGoesToAllPrimariesBeforeAnythingIsCompared(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int replicas) {
    Ring ring = RandomRings.of(seed, replicas);
    DeviceId self = new DeviceId(0);
    PassPlan plan = PassPlan.of(ring, self, ALL);
    List<PassStep.GiveAway> handoffs = handoffs(plan);
    assertThat(handoffs)
        .isEqualTo(
            ALL.stream()
                .filter(partition -> !ring.isPrimary(partition, self))
                .map(partition -> new PassStep.GiveAway(partition, ring.primaries(partition)))
                .toList());
    assertThat(plan.steps().subList(0, handoffs.size())).isEqualTo(handoffs);
  }

  @Property(tries = 50)
  void aPeerThatLostEverythingIsFilledFromDifferentEnds(@ForAll long seed) {
    Ring ring = RandomRings.of(seed, 3);
    for (int self = 0; self < RandomRings.DEVICES; self++) {
      for (PassStep step : PassPlan.of(ring, new DeviceId(self), List.of()).steps()) {
        PassStep.Compare compare = (PassStep.Compare) step;
        DeviceId source = new DeviceId(self);
        List<Boolean> first =
            compare.shared().stream()
                .map(partition -> next(ring, compare.peer().id(), partition).equals(source))
                .toList();
        assertThat(first).isSortedAccordingTo(Comparator.reverseOrder());
      }
    }
  }

  private static DeviceId next(Ring ring, DeviceId peer, PartitionId partition) {
    List<DeviceId> primaries = ring.primaries(partition).stream().map(RingDevice::id).toList();
    return primaries.get((primaries.indexOf(peer) + 1) % primaries.size());
  }

  @Example
  void aDeviceThatTheRingDoesNotKnowGivesEverythingAway() {
    Ring ring = RandomRings.of(1, 3);
    PassPlan plan = PassPlan.of(ring, new DeviceId(99), ALL);
    assertThat(handoffs(plan)).hasSize(ALL.size()).hasSameSizeAs(plan.steps());
  }

  @Example
  void aDeviceAloneHasNothingToDo() {
    Ring ring = RandomRings.of(1, 1);
    List<PartitionId> own =
        ALL.stream().filter(partition -> ring.isPrimary(partition, new DeviceId(0))).toList();
    assertThat(own).isNotEmpty();
    assertThat(PassPlan.of(ring, new DeviceId(0), own).steps()).isEmpty();
  }

  @Example
  void refusesAPartitionThatTheRingHasNot() {
    Ring ring = RandomRings.of(1, 3);
    List<PartitionId> held = List.of(new PartitionId(16));
    assertThatThrownBy(() -> PassPlan.of(ring, new DeviceId(0), held))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
