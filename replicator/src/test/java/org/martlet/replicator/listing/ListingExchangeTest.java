package org.martlet.replicator.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.Timestamp;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.plan.Leaf;
import org.martlet.replicator.plan.PassStep;
import org.martlet.replicator.run.LocalFault;
import org.martlet.replicator.run.Pass;
import org.martlet.replicator.run.PeerHealth;
import org.martlet.replicator.run.Progress;
import org.martlet.replicator.run.ReplicaFault;
import org.martlet.replicator.run.Space;
import org.martlet.replicator.run.SpaceExchange.Comparison;
import org.martlet.replicator.run.SpaceExchange.Handover;

/// Exchanges of listings between replicas in memory, whatever they hold.
class ListingExchangeTest {
  private static final int PART_POWER = 1;
  private static final List<RingDevice> DEVICES =
      List.of(device(0), device(1), device(2), device(3));
  private static final Ring RING =
      Ring.of(PART_POWER, DEVICES, new int[][] {{0, 0}, {1, 1}, {2, 2}}, 1);
  private static final long LAPSED = 5;

  private static RingDevice device(int id) {
    return RingDevice.of(new DeviceId(id), 1, id, "10.0.0." + id, 6201, "d" + id, 1);
  }

  /// One thing that happened to one of three replicas.
  record Event(int replica, ObjectHash listing, String name, long clock, boolean deleted) {
    void on(FakeListings replica) {
      if (name.isEmpty()) {
        replica.put(listing, new FakeListings.State(deleted ? 1 : clock, deleted ? clock : 0));
      } else {
        replica.put(listing, name, new FakeListings.Row(clock, deleted, clock % 2));
      }
    }
  }

  @Provide
  Arbitrary<List<Event>> histories() {
    Arbitrary<ObjectHash> hashes =
        Arbitraries.of(
            new ObjectHash(0, 1),
            new ObjectHash(3, 4),
            new ObjectHash(-1, -1),
            new ObjectHash(7, 7));
    Arbitrary<String> names = Arbitraries.of("", "", "a", "b", "b/c", "\uff00", "\ud83d\ude00");
    return Combinators.combine(
            Arbitraries.integers().between(0, 2),
            hashes,
            names,
            Arbitraries.longs().between(2, 9),
            Arbitraries.of(true, false))
        .as(Event::new)
        .list()
        .ofMaxSize(40);
  }

  private static List<FakeListings> replicas(List<Event> history, int page) {
    List<FakeListings> replicas = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      replicas.add(new FakeListings(page));
    }
    history.forEach(event -> event.on(replicas.get(event.replica())));
    return replicas;
  }

  private static Pass pass(int self, long lapsedBefore) {
    Timestamp lapsed = Timestamp.ofTicks(lapsedBefore);
    InstantSource clock = InstantSource.system();
    return new Pass(
        RING,
        new DeviceId(self),
        new Pass.Ages(lapsed, lapsed),
        hash -> false,
        new PeerHealth(clock),
        new Progress(Space.CONTAINERS, "d" + self, clock),
        () -> true);
  }

  private static ListingExchange exchange(List<FakeListings> replicas, int self) {
    return new ListingExchange(replicas.get(self), peer -> replicas.get(peer.id().value()));
  }

  private static Comparison compare(
      List<FakeListings> replicas, int self, int peer, long lapsedBefore)
      throws ReplicaFault, LocalFault {
    return exchange(replicas, self)
        .compare(pass(self, lapsedBefore), DEVICES.get(peer), new Leaf(0, 0).range());
  }

  @Property(tries = 300)
  void twoReplicasHaveTheSameAfterOneExchange(
      @ForAll("histories") List<Event> history, @ForAll @IntRange(min = 1, max = 5) int page)
      throws Exception {
    List<FakeListings> replicas = replicas(history, page);
    assertThat(compare(replicas, 0, 1, 0)).isEqualTo(Comparison.SAME);
    assertThat(replicas.get(0).content()).isEqualTo(replicas.get(1).content());
    assertThat(replicas.get(0).roots(PART_POWER)).isEqualTo(replicas.get(1).roots(PART_POWER));
  }

  @Property(tries = 200)
  void threeReplicasConvergeToTheJoinOfAll(
      @ForAll("histories") List<Event> history, @ForAll @IntRange(min = 1, max = 5) int page)
      throws Exception {
    List<FakeListings> replicas = replicas(history, page);
    FakeListings join = new FakeListings(1);
    history.forEach(event -> event.on(join));
    compare(replicas, 0, 1, 0);
    compare(replicas, 1, 2, 0);
    compare(replicas, 2, 0, 0);
    for (FakeListings replica : replicas) {
      assertThat(replica.content()).isEqualTo(join.content());
    }
  }

  @Property(tries = 300)
  void anExchangeThatBreaksOffLosesNothingAndTheNextOneFinishesIt(
      @ForAll("histories") List<Event> history,
      @ForAll @IntRange(min = 1, max = 5) int page,
      @ForAll @IntRange(min = 0, max = 30) int calls,
      @ForAll boolean localFails)
      throws Exception {
    List<FakeListings> replicas = replicas(history, page);
    FakeListings join = new FakeListings(1);
    history.stream().filter(e -> e.replica() < 2).forEach(event -> event.on(join));
    replicas.get(localFails ? 0 : 1).failAfter(calls);
    try {
      compare(replicas, 0, 1, 0);
    } catch (ReplicaFault | LocalFault e) {
      assertThat(e).hasMessageContaining("away");
    }
    replicas.get(localFails ? 0 : 1).failAfter(Integer.MAX_VALUE);
    compare(replicas, 0, 1, 0);
    assertThat(replicas.get(0).content()).isEqualTo(join.content());
    assertThat(replicas.get(1).content()).isEqualTo(join.content());
  }

  @Property(tries = 300)
  void whatIsReclaimedDoesNotComeBackAndWhatIsListedStays(
      @ForAll("histories") List<Event> history, @ForAll @IntRange(min = 1, max = 5) int page)
      throws Exception {
    List<FakeListings> replicas = replicas(history, page);
    FakeListings join = new FakeListings(1);
    history.forEach(event -> event.on(join));
    for (int round = 0; round < 2; round++) {
      for (int self = 0; self < 3; self++) {
        for (int peer = 0; peer < 3; peer++) {
          if (peer != self) {
            assertThat(compare(replicas, self, peer, LAPSED)).isEqualTo(Comparison.SAME);
          }
        }
        reclaim(replicas, self);
      }
    }
    join.reclaim(
        new ListingReplica.ReclaimFrom(new Leaf(0, 0).range(), ""), Timestamp.ofTicks(LAPSED));
    for (FakeListings replica : replicas) {
      assertThat(replica.content()).isEqualTo(join.content());
    }
  }

  private static void reclaim(List<FakeListings> replicas, int self) throws LocalFault {
    exchange(replicas, self)
        .beginReclaim(pass(self, LAPSED))
        .finish(Set.of(new PartitionId(0), new PartitionId(1)));
  }

  @Example
  void onlyRowsThatDifferAreSent() throws Exception {
    List<FakeListings> replicas = replicas(List.of(), 1_000);
    ObjectHash hash = new ObjectHash(1, 1);
    for (int i = 0; i < 500; i++) {
      replicas.get(0).put(hash, "o" + i, new FakeListings.Row(2, false, i));
      replicas.get(1).put(hash, "o" + i, new FakeListings.Row(2, false, i));
    }
    replicas.get(1).put(hash, "o7", new FakeListings.Row(3, true, 0));
    compare(replicas, 0, 1, 0);
    assertThat(replicas.get(0).rows(hash).get("o7").deleted()).isTrue();
    assertThat(replicas.get(0).rowsSent() + replicas.get(1).rowsSent()).isEqualTo(2);
  }

  @Example
  void aLongListingIsNotWalkedToItsEndForARowThatWasOnItsWay() throws Exception {
    List<FakeListings> replicas = replicas(List.of(), 10);
    ObjectHash hash = new ObjectHash(1, 1);
    for (int i = 0; i < 1_000; i++) {
      FakeListings.Row row = new FakeListings.Row(2, false, i);
      replicas.get(0).put(hash, "o" + i, row);
      replicas.get(1).put(hash, "o" + i, row);
    }
    FakeListings.Row late = new FakeListings.Row(3, false, 1);
    replicas.get(0).put(hash, "z", late);
    replicas.get(1).afterCalls(4, () -> replicas.get(1).put(hash, "z", late));
    assertThat(compare(replicas, 0, 1, 0)).isEqualTo(Comparison.SAME);
    assertThat(replicas.get(0).content()).isEqualTo(replicas.get(1).content());
    assertThat(replicas.get(1).calls()).isLessThan(10);
  }

  @Example
  void aPeerThatIsNoPrimaryByItsRingGetsNothing() throws Exception {
    List<FakeListings> replicas = replicas(List.of(), 10);
    replicas.get(0).put(new ObjectHash(1, 1), "o", new FakeListings.Row(2, false, 1));
    replicas.get(1).primary(false);
    assertThat(compare(replicas, 0, 1, 0)).isEqualTo(Comparison.RINGS_DIFFER);
    assertThat(replicas.get(1).content()).isEmpty();
  }

  private static List<FakeListings> withHandoff(List<Event> history, int page) {
    List<FakeListings> replicas = replicas(history, page);
    replicas.add(new FakeListings(page).primary(false));
    history.stream().filter(e -> e.replica() == 0).forEach(event -> event.on(replicas.get(3)));
    return replicas;
  }

  private static Handover giveAway(List<FakeListings> replicas) throws LocalFault {
    Handover total = Handover.NOTHING;
    for (int part = 0; part < RING.partitionCount(); part++) {
      PartitionId partition = new PartitionId(part);
      PassStep.GiveAway step = new PassStep.GiveAway(partition, RING.primaries(partition));
      total = total.plus(exchange(replicas, 3).giveAway(pass(3, 0), step));
    }
    return total;
  }

  @Property(tries = 200)
  void aHandoffIsDroppedOnceEveryPrimaryHasAllOfIt(
      @ForAll("histories") List<Event> history, @ForAll @IntRange(min = 1, max = 5) int page)
      throws Exception {
    List<FakeListings> replicas = withHandoff(history, page);
    FakeListings given = new FakeListings(1);
    history.stream().filter(e -> e.replica() == 0).forEach(event -> event.on(given));
    assertThat(giveAway(replicas).isComplete()).isTrue();
    assertThat(replicas.get(3).content()).isEmpty();
    for (Map.Entry<ObjectHash, Object> listing : given.content().entrySet()) {
      for (FakeListings primary : replicas.subList(0, 3)) {
        assertThat(primary.has(listing.getKey())).isTrue();
        assertThat(primary.rows(listing.getKey()).keySet())
            .containsAll(given.rows(listing.getKey()).keySet());
        assertThat(primary.reported()).isPositive();
      }
    }
  }

  @Property(tries = 200)
  void aHandoffStaysWhileOnePrimaryDoesNotTakeIt(
      @ForAll("histories") List<Event> history, @ForAll @IntRange(min = 0, max = 6) int calls)
      throws Exception {
    List<FakeListings> replicas = withHandoff(history, 2);
    Map<ObjectHash, Object> before = replicas.get(3).content();
    replicas.get(1).primary(false);
    replicas.get(2).failAfter(calls);
    Handover handover = giveAway(replicas);
    replicas.get(2).failAfter(Integer.MAX_VALUE);
    assertThat(handover.forgotten()).isEqualTo(before.size() - replicas.get(3).content().size());
    for (ObjectHash hash : before.keySet()) {
      assertThat(replicas.get(3).has(hash) || isEverywhere(replicas, hash)).isTrue();
    }
  }

  private static boolean isEverywhere(List<FakeListings> replicas, ObjectHash hash) {
    return replicas.subList(0, 3).stream().allMatch(replica -> replica.has(hash));
  }

  @Example
  void aHandoffThatChangedMeanwhileStays() throws Exception {
    List<FakeListings> replicas = withHandoff(List.of(), 10);
    ObjectHash hash = new ObjectHash(1, 1);
    replicas.get(3).put(hash, "o", new FakeListings.Row(2, false, 1));
    ListingReplica local = replicas.get(3);
    ListingExchange exchange =
        new ListingExchange(
            local,
            peer -> {
              replicas.get(3).put(hash, "new", new FakeListings.Row(3, false, peer.id().value()));
              return replicas.get(peer.id().value());
            });
    PartitionId partition = new PartitionId(0);
    Handover handover =
        exchange.giveAway(pass(3, 0), new PassStep.GiveAway(partition, RING.primaries(partition)));
    assertThat(handover).isEqualTo(new Handover(0, 1, 0));
    assertThat(replicas.get(3).has(hash)).isTrue();
  }

  @Example
  void aFaultOfTheLocalDeviceEndsTheExchange() {
    List<FakeListings> replicas = replicas(List.of(), 10);
    replicas.get(0).failAfter(0);
    assertThatExceptionOfType(LocalFault.class).isThrownBy(() -> compare(replicas, 0, 1, 0));
  }
}
