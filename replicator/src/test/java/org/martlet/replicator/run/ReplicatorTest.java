package org.martlet.replicator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.plan.ModelState;
import org.martlet.replicator.run.ReplicationStatus.HoldingStatus;
import org.martlet.replicator.run.ReplicationStatus.RepairStatus;

/// The replicators of four nodes, in the time of a [SimWorld] in which nothing goes wrong but what
/// a test makes go wrong.
class ReplicatorTest {
  private static final ObjectHash HASH = new ObjectHash(1, 1);
  private static final long SECOND = 1000;

  private final SimWorld world = SimWorld.calm();
  private final PartitionId partition = world.ring().partition(HASH);
  private final List<SimNode> primaries =
      world.ring().primaries(partition).stream().map(this::node).toList();
  private final SimNode other =
      world.nodes().stream().filter(node -> !primaries.contains(node)).findFirst().orElseThrow();

  private SimNode node(RingDevice device) {
    return world.nodes().get(device.id().value());
  }

  private ModelState put(SimNode... nodes) {
    ModelState state = ModelState.put(world.now() * 100, 7, 1);
    for (SimNode node : nodes) {
      node.device.write(HASH, state);
      node.device.clearDue();
    }
    return state;
  }

  private SimNode primary(int number) {
    return primaries.get(number);
  }

  private void pass(long millis) {
    world.runUntil(world.now() + millis);
  }

  private static HoldingStatus status(SimNode node) {
    return node.replicator.status().holdings().getFirst();
  }

  private static RepairStatus repairs(SimNode node) {
    return node.replicator.status().repairs().getFirst();
  }

  /// Past the first passes of all nodes; the next ones are 25 seconds away at least.
  @BeforeEach
  void afterTheFirstPass() {
    pass(5 * SECOND);
    assertThat(status(primary(0)).pass().number()).isEqualTo(1);
  }

  @Test
  void aDamagedCopyIsFetchedBackWithoutWaitingForAPass() {
    ModelState state = put(primary(0), primary(1), primary(2));
    primary(1).device.quarantine(HASH, world.now());
    pass(3 * SECOND);
    assertThat(primary(1).device.state(HASH)).isEqualTo(state);
    assertThat(repairs(primary(1)).done()).isEqualTo(1);
    assertThat(status(primary(1)).pass().number()).isEqualTo(1);
  }

  @Test
  void aDamagedCopyIsFetchedFromTheOneThatHasTheNewest() {
    put(primary(0));
    pass(1);
    ModelState newer = put(primary(2));
    primary(1).device.wantRepair(HASH, RepairSource.Reason.DAMAGED);
    pass(3 * SECOND);
    assertThat(primary(1).device.state(HASH)).isEqualTo(newer);
  }

  @Test
  void theLastCopyThatWasDamagedIsReportedAsLost() {
    put(primary(0));
    primary(0).device.quarantine(HASH, world.now());
    pass(3 * SECOND);
    assertThat(repairs(primary(0)).lost()).isEqualTo(1);
    assertThat(repairs(primary(0)).queued()).isZero();
  }

  @Test
  void aWriteThatLeftAPrimaryOutIsBroughtThereAtOnce() {
    ModelState state = put(primary(0), primary(1));
    primary(0).device.wantRepair(HASH, RepairSource.Reason.MISSED);
    pass(3 * SECOND);
    assertThat(primary(2).device.state(HASH)).isEqualTo(state);
    assertThat(status(primary(0)).pass().number()).isEqualTo(1);
  }

  @Test
  void aHandoffStaysUntilItsPrimaryIsBackAndThenGoesHomeAtOnce() {
    primary(2).crash();
    ModelState state = put(primary(0), primary(1), other);
    pass(120 * SECOND);
    assertThat(other.device.state(HASH)).isEqualTo(state);
    assertThat(status(other).pass().waiting())
        .containsExactly(PeerHealth.label(deviceOf(primary(2))) + " does not answer");
    assertThat(status(other).backlog().handoffPartitions()).isEqualTo(1);
    assertThat(status(other).ring().settled()).isFalse();
    primary(2).start();
    long passes = status(other).pass().number();
    pass(35 * SECOND);
    assertThat(primary(2).device.state(HASH)).isEqualTo(state);
    assertThat(other.device.state(HASH)).isNull();
    pass(60 * SECOND);
    assertThat(status(other).pass().number()).isGreaterThan(passes);
    assertThat(status(other).ring().settled()).isTrue();
  }

  private RingDevice deviceOf(SimNode node) {
    RingDevice device = world.ring().device(node.device.id);
    assertThat(device).isNotNull();
    return device;
  }

  @Test
  void aHandoffThatWaitsForASilentPrimaryCostsNothingMoreAtEachPass() {
    primary(2).crash();
    put(primary(0), primary(1), other);
    pass(100 * SECOND);
    other.crash();
    other.start();
    pass(40 * SECOND);
    Map<String, Integer> before = new TreeMap<>(world.calls());
    pass(60 * SECOND);
    assertThat(world.calls().get("differing")).isGreaterThan(before.get("differing"));
    assertThat(world.calls().get("merge")).isEqualTo(before.get("merge"));
    assertThat(world.calls().get("records")).isEqualTo(before.get("records"));
  }

  @Test
  void aHandoffIsNotDroppedBeforeTheListingHasHeardOfIt() {
    ModelState state = ModelState.put(world.now() * 100, 7, 1);
    other.device.write(HASH, state);
    pass(40 * SECOND);
    assertThat(primaries).allMatch(node -> state.equals(node.device.state(HASH)));
    assertThat(other.device.state(HASH)).isEqualTo(state);
    other.device.clearDue();
    pass(40 * SECOND);
    assertThat(other.device.state(HASH)).isNull();
  }

  @Test
  void aDeviceIsInTouchAsLongAsTheRingHasItEvenIfNobodyAnswers() {
    world.nodes().stream().filter(node -> node != other).forEach(node -> cut(other, node));
    pass(120_000);
    int before = inTouch(other);
    pass(120_000);
    assertThat(inTouch(other)).isGreaterThan(before);

    RingDevice another = RingDevice.of(new DeviceId(9), 1, 9, "192.0.2.9", 6200, "another", 100);
    other.device.ring = Ring.of(0, List.of(another), new int[][] {{9}}, 99);
    pass(120_000);
    int gone = inTouch(other);
    pass(120_000);
    assertThat(inTouch(other)).isEqualTo(gone);
  }

  private void cut(SimNode one, SimNode two) {
    world.cut(one.device.id.value(), two.device.id.value(), 3_600_000);
    world.cut(two.device.id.value(), one.device.id.value(), 3_600_000);
  }

  private int inTouch(SimNode node) {
    return node.device.inTouch;
  }

  @Test
  void anIdlePassAsksEachPeerOnce() {
    put(primary(0), primary(1), primary(2));
    pass(60 * SECOND);
    Map<String, Integer> before = new TreeMap<>(world.calls());
    long passes = passes();
    pass(60 * SECOND);
    long made = passes() - passes;
    int peers = world.nodes().size() - 1;
    assertThat(made).isGreaterThanOrEqualTo(world.nodes().size());
    assertThat(world.calls().get("differing") - before.get("differing"))
        .isLessThanOrEqualTo((int) made * peers);
    assertThat(world.calls().get("leaves")).isEqualTo(before.get("leaves"));
    assertThat(world.calls().get("records")).isEqualTo(before.get("records"));
  }

  private long passes() {
    return world.nodes().stream().mapToLong(node -> status(node).pass().number()).sum();
  }

  @Test
  void whatAPrimaryLacksIsFoundWithinOnePassAtACostOfTheDifference() {
    for (int i = 0; i < 500; i++) {
      ModelState state = ModelState.put(world.now() * 100 + i, 7, 1);
      ObjectHash hash = new ObjectHash((long) i << 52, i);
      world
          .ring()
          .primaries(world.ring().partition(hash))
          .forEach(
              device -> {
                node(device).device.write(hash, state);
                node(device).device.clearDue();
              });
    }
    pass(60 * SECOND);
    Map<String, Integer> before = new TreeMap<>(world.calls());
    ModelState state = put(primary(0), primary(1));
    pass(31 * SECOND);
    assertThat(primary(2).device.state(HASH)).isEqualTo(state);
    assertThat(world.calls().get("leaves") - before.getOrDefault("leaves", 0)).isLessThan(30);
    assertThat(world.calls().get("merge") - before.getOrDefault("merge", 0)).isBetween(1, 2);
  }

  @Test
  void aDeviceThatIsBackIsNotFilledByTheRegularPassAtTheSameTime() {
    SimNode first = primary(0);
    SimNode back = primary(2);
    cut(primary(1), back);
    cut(other, back);
    back.crash();
    int records = 2 * ObjectExchange.PAGE + 1;
    for (int i = 0; i < records; i++) {
      first.device.write(new ObjectHash(1, i), ModelState.put(world.now() * 100, 7, 1));
    }
    first.device.clearDue();
    pass(40 * SECOND);
    Optional<Instant> complete = status(first).pass().lastComplete();
    long passes = status(first).pass().number();
    AtomicInteger beside = new AtomicInteger(-1);
    world.before(
        first,
        "merge",
        () -> {
          int before = world.calls().get("merge");
          first.replicator.passNow();
          step(first, "pass-");
          beside.set(world.calls().get("merge") - before);
        });
    back.start();
    pass(15 * SECOND);
    assertThat(status(first).pass().number()).isEqualTo(passes + 1);
    assertThat(beside).hasValue(0);
    assertThat(status(first).pass().lastComplete())
        .as("what is left to another is not reached")
        .isEqualTo(complete);
    assertThat(back.device.records()).hasSize(records);
  }

  private static void step(SimNode node, String loop) {
    node.replicator.loops().stream()
        .filter(each -> each.name().startsWith(loop))
        .forEach(each -> assertThat(each.step().get()).isPositive());
  }

  /// A comparison may take hours; what is urgent does not share its crew.
  @Test
  void repairsAndDevicesThatAreBackHaveCrewsOfTheirOwn() {
    List<String> used = new ArrayList<>();
    SimNode first = primary(0);
    first.crash();
    first.crews =
        new Crews(
            noting("repairs", used),
            noting("catch-ups", used),
            noting("handoffs", used),
            noting("comparisons", used));
    first.start();
    primary(2).crash();
    step(first, "pass-");
    put(first, primary(1));
    first.device.wantRepair(HASH, RepairSource.Reason.MISSED);
    used.clear();
    step(first, "repair-");
    assertThat(used).containsOnly("repairs");
    primary(2).start();
    first.device.clearDue();
    used.clear();
    pass(5 * SECOND);
    assertThat(used).contains("catch-ups").doesNotContain("comparisons", "handoffs");
  }

  private static Crew noting(String name, List<String> used) {
    Crew inline = Crew.inline();
    return new Crew() {
      @Override
      public <T> void each(Collection<T> items, Step<T> step) throws LocalFault {
        used.add(name);
        inline.each(items, step);
      }
    };
  }

  @Test
  void aLeafOfManyPagesIsPushedWholeInOnePass() {
    SimNode first = primary(0);
    int records = 2 * ObjectExchange.PAGE + 1;
    for (int i = 0; i < records; i++) {
      first.device.write(new ObjectHash(1, i), ModelState.put(world.now() * 100, 7, 1));
    }
    first.device.clearDue();
    long passes = status(first).pass().number();
    first.replicator.passNow();
    pass(20 * SECOND);
    assertThat(status(first).pass().number()).isEqualTo(passes + 1);
    assertThat(primary(1).device.records()).hasSize(records);
    assertThat(primary(2).device.records()).hasSize(records);
  }

  @Test
  void aNewRingMovesDataAtOnceAndIsThenSettled() {
    ModelState state = put(primary(0), primary(1), primary(2));
    world.adopt(world.moved(partition, primary(1).device.id, other.device.id), 1);
    pass(4 * SECOND);
    assertThat(other.device.state(HASH)).isEqualTo(state);
    assertThat(primary(1).device.state(HASH)).isNull();
    assertThat(status(primary(1)).ring().settled()).isTrue();
    assertThat(status(primary(1)).ring().version()).isEqualTo(2);
    assertThat(world.isSettled()).isTrue();
  }

  /// As where a device that is empty leaves the ring: nobody has anything to give away, and copies
  /// are missing.
  @Test
  void aRingIsCompleteWhenMissingCopiesAreMadeToo() {
    ModelState state = put(primary(0), primary(2));
    Ring ring = moved();
    world.nodes().stream().filter(node -> node != other).forEach(node -> node.device.ring = ring);
    pass(5 * SECOND);
    assertThat(status(primary(0)).ring().settled()).isTrue();
    assertThat(status(primary(0)).ring().complete()).isFalse();
    other.device.ring = ring;
    pass(20 * SECOND);
    assertThat(other.device.state(HASH)).isEqualTo(state);
    assertThat(status(primary(0)).ring().complete()).isTrue();
    assertThat(isComplete(primary(0), ring.version())).isTrue();
    assertThat(isComplete(primary(0), ring.version() + 1)).isFalse();
  }

  private static boolean isComplete(SimNode node, long version) {
    return node.replicator.status().isComplete(Space.objects(0), version);
  }

  @Test
  void aCopyIsKeptWhileANewPrimaryStillHasTheOldRing() {
    put(primary(0), primary(1), primary(2));
    world.nodes().forEach(node -> node.device.ring = node == other ? node.device.ring : moved());
    pass(60 * SECOND);
    assertThat(primary(1).device.state(HASH)).isNotNull();
    assertThat(status(primary(1)).pass().waiting())
        .containsExactly(PeerHealth.label(deviceOf(other)) + " has another ring");
    assertThat(status(primary(1)).backlog().handoffsKept()).isEqualTo(1);
  }

  private Ring moved() {
    return world.moved(partition, primary(1).device.id, other.device.id);
  }

  /// A tombstone whose time is over long ago.
  private ModelState lapsedTombstone() {
    return ModelState.tombstone((world.now() - 3 * SimWorld.RECLAIM_AGE.toMillis()) * 100);
  }

  private ModelState longAgo(int reclaimAges) {
    long then = world.now() - reclaimAges * SimWorld.RECLAIM_AGE.toMillis();
    return ModelState.put(then * 100, 7, 1);
  }

  @Test
  void aLapsedTombstoneIsPurgedWhenAllOthersHaveIt() {
    ModelState tombstone = lapsedTombstone();
    primaries.forEach(node -> node.device.write(HASH, tombstone));
    primaries.forEach(node -> node.device.clearDue());
    pass(90 * SECOND);
    assertThat(primaries).allMatch(node -> node.device.state(HASH) == null);
  }

  @Test
  void aLapsedTombstoneIsKeptAndCountedWhileOnePrimaryIsAway() {
    ModelState tombstone = lapsedTombstone();
    primary(2).crash();
    List.of(primary(0), primary(1)).forEach(node -> node.device.write(HASH, tombstone));
    List.of(primary(0), primary(1)).forEach(node -> node.device.clearDue());
    pass(90 * SECOND);
    assertThat(primary(0).device.state(HASH)).isEqualTo(tombstone);
    assertThat(status(primary(0)).backlog().tombstonesKept()).isEqualTo(1);
    primary(2).start();
    pass(150 * SECOND);
    assertThat(primaries).allMatch(node -> node.device.state(HASH) == null);
  }

  @Test
  void aLapsedTombstoneIsPushedToAPrimaryThatHasWhatItDeleted() {
    ModelState live = longAgo(4);
    primary(2).device.write(HASH, live);
    ModelState tombstone = lapsedTombstone();
    List.of(primary(0), primary(1)).forEach(node -> node.device.write(HASH, tombstone));
    world.nodes().forEach(node -> node.device.clearDue());
    pass(120 * SECOND);
    assertThat(primaries).allMatch(node -> node.device.state(HASH) == null);
  }

  @ParameterizedTest(name = "before {0}")
  @ValueSource(strings = {"tombstones", "differing"})
  void aTombstoneThatComesWhileAPassIsUnderWayIsNotPurgedByIt(String moment) {
    ModelState live = longAgo(4);
    primaries.forEach(node -> node.device.write(HASH, live));
    primaries.forEach(node -> node.device.clearDue());
    ModelState tombstone = lapsedTombstone();
    SimNode first = primary(0);
    world.before(
        first,
        moment,
        () -> {
          first.device.write(HASH, tombstone);
          first.device.clearDue();
        });
    first.replicator.passNow();
    pass(2 * SECOND);
    assertThat(first.device.state(HASH)).isEqualTo(tombstone);
    pass(120 * SECOND);
    assertThat(primaries).allMatch(node -> node.device.state(HASH) == null);
  }

  @Test
  void aPassThatIsWantedBeginsAtOnce() {
    ModelState state = put(primary(0));
    primary(0).replicator.passNow();
    pass(2 * SECOND);
    assertThat(primaries).allMatch(node -> state.equals(node.device.state(HASH)));
    assertThat(status(primary(0)).moved().objects()).isEqualTo(2);
    assertThat(status(primary(0)).pass().lastComplete()).isPresent();
  }
}
