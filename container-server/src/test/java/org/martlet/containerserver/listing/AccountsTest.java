package org.martlet.containerserver.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.martlet.containerserver.listing.Listings.account;
import static org.martlet.containerserver.listing.Listings.at;
import static org.martlet.containerserver.listing.Listings.await;
import static org.martlet.containerserver.listing.Listings.container;
import static org.martlet.containerserver.listing.Listings.row;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ContainerStat;
import org.martlet.common.protocol.Incarnation;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.RowsClock;

/// The life of an account and its totals.
class AccountsTest {
  private static final ListingId ID = account("AUTH_test");

  private static boolean merge(Listings listings, List<ContainerStat> stats, boolean create) {
    return await(listings.accounts().merge(List.of(new Accounts.Stats(ID, stats, create, false))))
        .getFirst();
  }

  private static ContainerStat stat(
      String name, long put, long deleted, long counted, long objects) {
    TreeMap<Integer, ContainerStat.Usage> usage = new TreeMap<>();
    usage.put(0, new ContainerStat.Usage(objects, objects * 10));
    return new ContainerStat(
        name,
        at(put),
        at(deleted),
        new Incarnation(Timestamp.ZERO, at(put), 0),
        new RowsClock(at(counted), BigInteger.ZERO),
        usage);
  }

  @Test
  void anAccountIsMadeByItsContainersOnlyWhereThatIsAllowed() throws Exception {
    try (Listings listings = Listings.empty()) {
      assertThat(merge(listings, List.of(stat("c", 1, 0, 1, 1)), false)).isFalse();
      assertThat(merge(listings, List.of(stat("c", 1, 0, 1, 1)), true)).isTrue();
      assertThat(listings.accounts().state(ID).exists()).isTrue();
    }
  }

  @Test
  void aDeletedAccountTakesNoContainersAndIsNotCreatedAgain() throws Exception {
    try (Listings listings = Listings.empty()) {
      Accounts accounts = listings.accounts();
      assertThat(await(accounts.put(ID, MetadataUpdate.none(at(1)))))
          .isEqualTo(new ListingOutcome.Created(0));
      assertThat(await(accounts.delete(ID, at(1)))).isEqualTo(new ListingOutcome.Superseded());
      assertThat(await(accounts.delete(ID, at(2)))).isEqualTo(new ListingOutcome.Deleted(true));
      assertThat(await(accounts.put(ID, MetadataUpdate.none(at(3)))))
          .isEqualTo(new ListingOutcome.RecentlyDeleted());
      assertThat(merge(listings, List.of(stat("c", 4, 0, 4, 1)), false)).isFalse();
      assertThat(await(accounts.delete(ID, at(5)))).isEqualTo(new ListingOutcome.Missing(true));
    }
  }

  @Test
  void aDeletedAccountTakesThatItsContainersAreGone() throws Exception {
    try (Listings listings = Listings.empty()) {
      merge(listings, List.of(stat("a", 1, 0, 1, 3), stat("b", 1, 0, 1, 0)), true);
      await(listings.accounts().delete(ID, at(2)));
      assertThat(merge(listings, List.of(stat("a", 1, 3, 3, 0), stat("b", 4, 0, 4, 0)), false))
          .isFalse();
      assertThat(merge(listings, List.of(stat("a", 1, 3, 3, 0)), false)).isTrue();
      assertThat(listings.accounts().list(ID, ListingQuery.first(10), EntryCost.FREE).entries())
          .hasSize(1);
      assertThat(listings.accounts().state(ID).totals().all().rows()).isEqualTo(1);
      merge(listings, List.of(stat("b", 1, 5, 5, 0)), false);
      assertThat(listings.accounts().state(ID).totals().all().rows()).isZero();
    }
  }

  @Test
  void containersOfAllPoliciesAreListed() throws Exception {
    try (Listings listings = Listings.empty()) {
      ContainerStat other =
          new ContainerStat(
              "b", at(1), at(0), new Incarnation(at(0), at(1), 1), RowsClock.ZERO, new TreeMap<>());
      merge(listings, List.of(stat("a", 1, 0, 1, 1), other), true);
      assertThat(listings.accounts().list(ID, ListingQuery.first(10), EntryCost.FREE).entries())
          .hasSize(2);
    }
  }

  @Test
  void aContainerThatIsDeletedWithObjectsStillLeftIsListed() throws Exception {
    try (Listings listings = Listings.empty()) {
      merge(listings, List.of(stat("c", 1, 2, 3, 1)), true);
      assertThat(listings.accounts().list(ID, ListingQuery.first(10), EntryCost.FREE).entries())
          .hasSize(1);
      merge(listings, List.of(stat("c", 1, 2, 4, 0)), true);
      assertThat(listings.accounts().list(ID, ListingQuery.first(10), EntryCost.FREE).entries())
          .isEmpty();
      assertThat(listings.accounts().state(ID).totals().all()).isEqualTo(Totals.OfPolicy.NONE);
    }
  }

  @Property(tries = 150)
  void totalsAreThoseOfTheLiveContainersInAnyOrderOfReports(
      @ForAll("reports") List<ContainerStat> reports, @ForAll("splits") int split)
      throws Exception {
    try (Listings listings = Listings.empty()) {
      List<ContainerStat> first = reports.subList(0, Math.min(split, reports.size()));
      List<ContainerStat> rest = new ArrayList<>(reports.subList(first.size(), reports.size()));
      merge(listings, first, true);
      listings.reopen();
      merge(listings, rest, true);
      merge(listings, first, true);
      Map<String, ContainerStat> model = new HashMap<>();
      reports.forEach(stat -> model.merge(stat.name(), stat, RowType.CONTAINERS::merge));
      Totals.Sum sum = new Totals.Sum(Totals.NONE);
      model.values().forEach(stat -> sum.add(RowType.CONTAINERS, stat));
      Totals totals = listings.accounts().state(ID).totals();
      assertThat(totals.byPolicy())
          .isEqualTo(sum.toTotals(totals.changed(), totals.digest()).byPolicy());
    }
  }

  @Test
  void aReplicaWhoseClockIsAheadDoesNotOutvoteThoseThatHaveMoreRows() throws Exception {
    ListingId container = container("c");
    try (Listings whole = Listings.empty();
        Listings ahead = Listings.ahead(Duration.ofMinutes(3));
        Listings account = Listings.empty()) {
      for (Listings replica : List.of(whole, ahead)) {
        await(
            replica.containers().put(container, OptionalInt.of(0), 0, MetadataUpdate.none(at(1))));
      }
      // They come in another order on the other replica, which is then lost before the second.
      merge(whole, container, row("first", 2, 10), row("second", 3, 10));
      merge(ahead, container, row("second", 3, 10));
      merge(account, List.of(stat(ahead, container)), true);
      merge(account, List.of(stat(whole, container)), true);
      merge(account, List.of(stat(ahead, container)), true);
      assertThat(account.accounts().state(ID).totals().all())
          .isEqualTo(new Totals.OfPolicy(1, 2, 20));
    }
  }

  private static void merge(Listings listings, ListingId container, ListingRow... rows) {
    await(
        listings
            .containers()
            .merge(List.of(new Containers.Rows(container, List.of(rows), OptionalInt.empty()))));
  }

  private static ContainerStat stat(Listings listings, ListingId container) throws Exception {
    ListingState state = listings.containers().state(container);
    return Containers.stat(Objects.requireNonNull(state.info()), state.totals());
  }

  @Provide
  Arbitrary<Integer> splits() {
    return Arbitraries.integers().between(0, 10);
  }

  @Provide
  Arbitrary<List<ContainerStat>> reports() {
    Arbitrary<Long> clocks = Arbitraries.longs().between(1, 9);
    return Combinators.combine(
            Arbitraries.of("a", "b", "c"),
            clocks,
            clocks,
            clocks,
            Arbitraries.longs().between(0, 2))
        .as(AccountsTest::stat)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }
}
