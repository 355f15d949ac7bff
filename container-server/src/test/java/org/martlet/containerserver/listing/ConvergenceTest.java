package org.martlet.containerserver.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.martlet.containerserver.listing.Listings.at;
import static org.martlet.containerserver.listing.Listings.await;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ContainerStat;
import org.martlet.common.protocol.Incarnation;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.RowsClock;
import org.martlet.common.replication.ListingEntry;
import org.martlet.common.replication.ListingPart;

/// Replicas that were told different things, in different order, say the same after they told each
/// other: nothing that digests are over is a replica's own.
class ConvergenceTest {
  private static final int REPLICAS = 3;

  /// In ticks: long before the reclaim age of removed metadata.
  private static final long LONG_AGO = -8L * 86_400 * Timestamp.TICKS_PER_SECOND;

  private static final List<ListingId> CONTAINERS =
      List.of(Listings.container("a"), Listings.container("b"));
  private static final List<ListingId> ACCOUNTS =
      List.of(Listings.account("x"), Listings.account("y"));

  /// What is done to one listing on one replica.
  enum What {
    PUT,
    POST,
    DELETE,
    ROW,
    ROW_DELETED,
    /// Of containers: one replica forgets what was deleted, the others have yet to.
    RECLAIM
  }

  record Event(int replica, int listing, What what, long ticks, int choice) {}

  @Provide
  Arbitrary<List<Event>> histories() {
    return Combinators.combine(
            Arbitraries.integers().between(0, REPLICAS - 1),
            Arbitraries.integers().between(0, 1),
            Arbitraries.of(
                What.PUT,
                What.POST,
                What.DELETE,
                What.ROW,
                What.ROW,
                What.ROW_DELETED,
                What.RECLAIM),
            Arbitraries.of(LONG_AGO, LONG_AGO + 1, 1L, 2L, 3L, 4L, 5L),
            Arbitraries.integers().between(0, 5))
        .as(Event::new)
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 120)
  void containersConverge(
      @ForAll("histories") List<Event> history, @ForAll @IntRange(min = 1, max = 4) int page)
      throws Exception {
    converge(ListingKind.CONTAINER, history, page);
  }

  @Property(tries = 120)
  void accountsConverge(
      @ForAll("histories") List<Event> history, @ForAll @IntRange(min = 1, max = 4) int page)
      throws Exception {
    converge(ListingKind.ACCOUNT, history, page);
  }

  private static void converge(ListingKind kind, List<Event> history, int page) throws Exception {
    List<Listings> stores = new ArrayList<>();
    try {
      List<ListingReplicas> replicas = new ArrayList<>();
      for (int i = 0; i < REPLICAS; i++) {
        stores.add(Listings.empty());
        replicas.add(new ListingReplicas(stores.get(i).store(), MetadataLimits.DEFAULT));
      }
      for (Event event : history) {
        if (kind == ListingKind.CONTAINER) {
          container(stores.get(event.replica()), event);
        } else {
          account(stores.get(event.replica()), event);
        }
      }
      Map<ListingId, RowsClock> latest = latestTold(kind, stores);
      for (int i = 0; i < REPLICAS; i++) {
        ListingReplicas a = replicas.get(i);
        ListingReplicas b = replicas.get((i + 1) % REPLICAS);
        Exchange.push(kind, a, b, page);
        Exchange.push(kind, b, a, page);
        if (i == 0) {
          assertSame(kind, a, b);
        }
      }
      assertSame(kind, replicas.get(0), replicas.get(1));
      assertSame(kind, replicas.get(1), replicas.get(2));
      for (int i = 0; i < REPLICAS; i++) {
        assertTotals(kind, stores.get(i), replicas.get(i));
        for (Map.Entry<ListingId, RowsClock> before : latest.entrySet()) {
          assertThat(told(stores.get(i), before.getKey()))
              .as("what all know together is not earlier than what one of them knew")
              .isGreaterThanOrEqualTo(before.getValue())
              .as("and the same for all")
              .isEqualTo(told(stores.get(0), before.getKey()));
        }
      }
    } finally {
      stores.forEach(Listings::close);
    }
  }

  /// What an account hears of how far the rows have come.
  private static RowsClock told(Listings store, ListingId id) throws ListingFault {
    ListingState state = store.store().state(id);
    return state.info() == null
        ? RowsClock.ZERO
        : state.totals().rows().with(state.info().forgotten());
  }

  private static Map<ListingId, RowsClock> latestTold(ListingKind kind, List<Listings> stores)
      throws ListingFault {
    Map<ListingId, RowsClock> latest = new HashMap<>();
    for (ListingId id : ids(kind)) {
      for (Listings store : stores) {
        latest.merge(id, told(store, id), (a, b) -> a.compareTo(b) >= 0 ? a : b);
      }
    }
    return latest;
  }

  private static List<ListingId> ids(ListingKind kind) {
    return kind == ListingKind.CONTAINER ? CONTAINERS : ACCOUNTS;
  }

  private static void assertSame(ListingKind kind, ListingReplicas a, ListingReplicas b)
      throws ListingFault {
    List<ListingEntry> listings = a.listings(kind, Exchange.ALL, 10).entries();
    assertThat(b.listings(kind, Exchange.ALL, 10).entries()).isEqualTo(listings);
    assertThat(b.digests(kind, 10, 0, 1023, 1024)).isEqualTo(a.digests(kind, 10, 0, 1023, 1024));
    assertThat(b.digests(kind, 20, 0, (1 << 20) - 1, 1024))
        .isEqualTo(a.digests(kind, 20, 0, (1 << 20) - 1, 1024));
    for (ListingEntry listing : listings) {
      assertThat(b.head(kind, listing.hash())).isEqualTo(a.head(kind, listing.hash()));
    }
  }

  /// The totals are what the rows add up to.
  private static void assertTotals(ListingKind kind, Listings store, ListingReplicas replica)
      throws ListingFault, KeyValueFault {
    for (ListingId id : ids(kind)) {
      Totals.Sum sum = new Totals.Sum(Totals.NONE);
      List<String> names =
          Exchange.names(kind, replica, id.hash()).stream()
              .map(name -> name.replace("!", ""))
              .toList();
      ListingPart part =
          replica
              .fetch(kind, id.hash(), names, bytes -> {})
              .orElse(new ListingPart(ByteBuffer.allocate(1), List.of()));
      for (ListingPart.Row row : part.rows()) {
        count(RowType.of(kind), row, sum);
      }
      Totals counted = sum.toTotals(Timestamp.ZERO, Totals.NONE.digest());
      Totals kept = store.store().state(id).totals();
      assertThat(kept.byPolicy()).isEqualTo(counted.byPolicy());
      assertThat(kept.rows().weight()).isEqualTo(counted.rows().weight());
      assertThat(kept.rows().newest()).isGreaterThanOrEqualTo(counted.rows().newest());
    }
  }

  private static <R> void count(RowType<R> type, ListingPart.Row stored, Totals.Sum sum)
      throws KeyValueFault {
    byte[] record = new byte[stored.record().remaining()];
    stored.record().get(record);
    R row = type.decode(stored.name(), record);
    sum.add(type, row);
  }

  private static MetadataUpdate metadata(ListingKind kind, Event event) {
    SortedMap<String, String> values = new TreeMap<>();
    String name = "x-" + kind.service() + "-meta-" + (event.choice() % 2);
    values.put(name, event.choice() % 3 == 0 ? "" : "v" + event.choice());
    return new MetadataUpdate(at(event.ticks()), values);
  }

  private static void reclaim(Listings store, Timestamp before) throws ListingFault {
    ListingReplicas replicas = new ListingReplicas(store.store(), MetadataLimits.DEFAULT);
    Reclaim.Position all = new Reclaim.Position(Exchange.ALL.first(), "");
    ObjectHash last = Exchange.ALL.last();
    await(replicas.reclaim(ListingKind.CONTAINER, all, last, before, Duration.ofMinutes(1)));
  }

  private static void container(Listings store, Event event) throws ListingFault {
    ListingId id = CONTAINERS.get(event.listing());
    Containers containers = store.containers();
    Timestamp at = at(event.ticks());
    int policy = event.choice() % 2;
    switch (event.what()) {
      case PUT ->
          await(containers.put(id, OptionalInt.empty(), policy, metadata(id.kind(), event)));
      case POST -> await(containers.post(id, metadata(id.kind(), event), policy == 0));
      case DELETE -> await(containers.delete(id, at));
      case RECLAIM -> reclaim(store, at);
      case ROW, ROW_DELETED -> {
        boolean deleted = event.what() == What.ROW_DELETED;
        // The content type has a clock of its own, and survives a deletion with it.
        ListingRow row =
            new ListingRow(
                "o" + event.choice(),
                at,
                at(event.ticks() + event.choice() % 2),
                at,
                deleted,
                deleted ? 0 : event.choice(),
                deleted ? "" : "e" + event.choice() % 2,
                "type" + event.choice() % 2,
                policy);
        await(
            containers.merge(
                List.of(new Containers.Rows(id, List.of(row), OptionalInt.of(policy)))));
      }
    }
  }

  private static void account(Listings store, Event event) {
    ListingId id = ACCOUNTS.get(event.listing());
    Accounts accounts = store.accounts();
    Timestamp at = at(event.ticks());
    switch (event.what()) {
      case PUT -> await(accounts.put(id, metadata(id.kind(), event)));
      case POST -> await(accounts.post(id, metadata(id.kind(), event)));
      case DELETE -> await(accounts.delete(id, at));
      case RECLAIM -> {
        // Accounts are counted nowhere.
      }
      case ROW, ROW_DELETED -> {
        boolean deleted = event.what() == What.ROW_DELETED;
        long count = deleted ? 0 : event.choice();
        ContainerStat stat =
            new ContainerStat(
                "c" + event.choice() % 3,
                at(1),
                deleted ? at : Timestamp.ZERO,
                new Incarnation(Timestamp.ZERO, at, event.choice() % 2),
                new RowsClock(at, BigInteger.ZERO),
                new TreeMap<>(
                    Map.of(event.choice() % 2, new ContainerStat.Usage(count, 10 * count))));
        await(accounts.merge(List.of(new Accounts.Stats(id, List.of(stat), true, true))));
      }
    }
  }
}
