package org.martlet.containerserver.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.martlet.containerserver.listing.Listings.await;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.PowerSwitch;
import org.martlet.common.model.Digest;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;

/// The store against a map of rows: rows, totals and digests stay equal to what the rows give,
/// through reopening and power loss.
class ListingStoreModelTest {
  private static final List<ListingId> CONTAINERS =
      List.of(Listings.container("a"), Listings.container("b"));

  /// One step of a scenario.
  sealed interface Step {}

  /// Rows for one container, in one change.
  record Merge(int container, List<ListingRow> rows) implements Step {}

  /// Commits of several changes may share a group before this.
  record Wait() implements Step {}

  record Reopen() implements Step {}

  @Property(tries = 150)
  void rowsTotalsAndDigestsAreThoseOfTheModel(@ForAll("scenarios") List<Step> steps)
      throws Exception {
    try (Listings listings = Listings.empty()) {
      create(listings);
      Map<ListingId, SortedMap<String, ListingRow>> model = new HashMap<>();
      List<CompletableFuture<List<Boolean>>> pending = new ArrayList<>();
      for (Step step : steps) {
        switch (step) {
          case Merge merge -> {
            pending.add(listings.containers().merge(List.of(rows(merge))));
            apply(merge, model);
          }
          case Wait wait -> pending.forEach(Listings::await);
          case Reopen reopen -> listings.reopen();
        }
      }
      pending.forEach(Listings::await);
      assertEqual(listings, model);
    }
  }

  @Property(tries = 200)
  void whatWasAcknowledgedSurvivesAPowerLossAndNothingIsHalfThere(
      @ForAll("scenarios") List<Step> steps, @ForAll("cuts") int cutAfter, @ForAll long seed)
      throws Exception {
    PowerSwitch power = new PowerSwitch();
    Map<ListingId, SortedMap<String, ListingRow>> acknowledged = new HashMap<>();
    Map<ListingId, SortedMap<String, ListingRow>> perhaps = new HashMap<>();
    Listings listings = Listings.empty(power);
    create(listings);
    power.cutAt(power.calls() + cutAfter);
    for (Step step : steps) {
      if (step instanceof Merge merge) {
        CompletableFuture<List<Boolean>> done = listings.containers().merge(List.of(rows(merge)));
        apply(merge, perhaps);
        if (done.handle((known, failure) -> failure == null).get()) {
          apply(merge, acknowledged);
        } else {
          break;
        }
      }
    }
    try (Listings left = listings.afterPowerLoss(CrashChoice.random(new Random(seed)))) {
      assertConsistent(left);
      for (ListingId id : CONTAINERS) {
        SortedMap<String, ListingRow> stored = stored(left, id);
        assertThat(stored)
            .isIn(
                live(acknowledged.getOrDefault(id, new TreeMap<>())),
                live(perhaps.getOrDefault(id, new TreeMap<>())));
      }
    }
  }

  private static void create(Listings listings) {
    for (ListingId id : CONTAINERS) {
      await(
          listings
              .containers()
              .put(id, OptionalInt.empty(), 0, MetadataUpdate.none(Listings.at(1))));
    }
  }

  private static Containers.Rows rows(Merge merge) {
    return new Containers.Rows(
        CONTAINERS.get(merge.container()), merge.rows(), OptionalInt.empty());
  }

  private static void apply(Merge merge, Map<ListingId, SortedMap<String, ListingRow>> model) {
    SortedMap<String, ListingRow> rows =
        model.computeIfAbsent(CONTAINERS.get(merge.container()), id -> new TreeMap<>());
    merge.rows().forEach(row -> rows.merge(row.name(), row, RowType.OBJECTS::merge));
  }

  private static void assertEqual(
      Listings listings, Map<ListingId, SortedMap<String, ListingRow>> model) throws Exception {
    for (ListingId id : CONTAINERS) {
      SortedMap<String, ListingRow> rows = model.getOrDefault(id, new TreeMap<>());
      assertThat(stored(listings, id)).isEqualTo(live(rows));
      ListingState state = listings.containers().state(id);
      Digest digest = digest(id, state, rows);
      assertThat(state.totals().digest()).isEqualTo(digest);
      Digest leaves =
          listings.store().digests().nameLeaves(id).stream().reduce(Digest.ZERO, Digest::xor);
      StateHasher hasher = new StateHasher(Listings.KEY, Listings.HASHER);
      assertThat(leaves.xor(hasher.info(id, state.info().encode()))).isEqualTo(digest);
    }
    assertConsistent(listings);
  }

  private static Digest digest(
      ListingId id, ListingState state, SortedMap<String, ListingRow> rows) {
    StateHasher hasher = new StateHasher(Listings.KEY, Listings.HASHER);
    Digest sum = hasher.info(id, state.info().encode());
    for (ListingRow row : rows.values()) {
      sum = sum.xor(hasher.row(id, row.name(), RowType.OBJECTS.encode(row)));
    }
    return sum;
  }

  /// Totals are those of the live rows, and a partition's digest is that of its listings.
  private static void assertConsistent(Listings listings) throws Exception {
    Digest all = Digest.ZERO;
    for (ListingId id : CONTAINERS) {
      Totals.Sum sum = new Totals.Sum(Totals.NONE);
      stored(listings, id).values().forEach(row -> RowType.OBJECTS.count(row, sum, 1));
      Totals totals = listings.containers().state(id).totals();
      assertThat(totals.byPolicy()).isEqualTo(sum.toTotals(Timestamp.ZERO, Digest.ZERO).byPolicy());
      all = all.xor(totals.digest());
    }
    ListingDigests digests = listings.store().digests();
    Digest root = digests.partition(ListingKind.CONTAINER, 0, new PartitionId(0));
    assertThat(root).isEqualTo(all);
    for (int partPower : List.of(3, 16, 18)) {
      Digest sum = Digest.ZERO;
      Set<PartitionId> partitions = new HashSet<>();
      CONTAINERS.forEach(id -> partitions.add(id.hash().partition(partPower)));
      for (PartitionId partition : partitions) {
        sum = sum.xor(digests.partition(ListingKind.CONTAINER, partPower, partition));
      }
      assertThat(sum).as("part power %s", partPower).isEqualTo(all);
    }
  }

  private static SortedMap<String, ListingRow> live(SortedMap<String, ListingRow> rows) {
    SortedMap<String, ListingRow> live = new TreeMap<>(rows);
    live.values().removeIf(ListingRow::deleted);
    return live;
  }

  /// Every live row, of both policies.
  private static SortedMap<String, ListingRow> stored(Listings listings, ListingId id)
      throws ListingFault {
    SortedMap<String, ListingRow> stored = new TreeMap<>();
    for (int policy : List.of(0, 1)) {
      ListingQuery query =
          new ListingQuery(1000, "", "", "", "", null, false, true, OptionalInt.of(policy));
      for (ListingPage.Entry<ListingRow> entry :
          listings.containers().list(id, query, EntryCost.FREE).entries()) {
        if (entry instanceof ListingPage.Item<ListingRow> item) {
          stored.put(item.row().name(), item.row());
        }
      }
    }
    return stored;
  }

  @Provide
  Arbitrary<Integer> cuts() {
    return Arbitraries.integers().between(1, 40);
  }

  @Provide
  Arbitrary<List<Step>> scenarios() {
    Arbitrary<Step> merges =
        Combinators.combine(
                Arbitraries.integers().between(0, 1), rows().list().ofMinSize(1).ofMaxSize(6))
            .as(Merge::new);
    Arbitrary<Step> others = Arbitraries.of(new Wait(), new Reopen());
    return Arbitraries.frequencyOf(Tuple.of(6, merges), Tuple.of(1, others)).list().ofMaxSize(25);
  }

  private static Arbitrary<ListingRow> rows() {
    Arbitrary<String> names = Arbitraries.of("a", "b", "c/d", "c/e", "\u00e9", "\0r");
    Arbitrary<Timestamp> clocks = Arbitraries.longs().between(1, 30).map(Timestamp::ofTicks);
    Arbitrary<Boolean> deleted = Arbitraries.of(true, false, false);
    return Combinators.combine(names, clocks, clocks, deleted, Arbitraries.longs().between(0, 9))
        .as(
            (name, data, type, gone, size) ->
                new ListingRow(
                    name,
                    data,
                    Timestamp.max(data, type),
                    Timestamp.max(data, type),
                    gone,
                    gone ? 0 : size,
                    gone ? "" : "e" + size,
                    gone ? "" : "t" + size,
                    (int) (size % 2)));
  }
}
