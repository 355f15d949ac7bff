package org.martlet.containerserver.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.martlet.containerserver.listing.Listings.at;
import static org.martlet.containerserver.listing.Listings.await;
import static org.martlet.containerserver.listing.Listings.container;
import static org.martlet.containerserver.listing.Listings.deleted;
import static org.martlet.containerserver.listing.Listings.row;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;

/// The life of a container, and what its account has to be told.
class ContainersTest {
  private static final ListingId ID = container("c");

  private Listings listings;
  private Containers containers;

  @BeforeEach
  void open() throws Exception {
    listings = Listings.empty();
    containers = listings.containers();
  }

  @AfterEach
  void close() {
    listings.close();
  }

  private ListingOutcome put(long ticks) {
    return await(containers.put(ID, OptionalInt.empty(), 0, MetadataUpdate.none(at(ticks))));
  }

  private boolean merge(ListingRow... rows) {
    return await(
            containers.merge(List.of(new Containers.Rows(ID, List.of(rows), OptionalInt.empty()))))
        .getFirst();
  }

  private ListingOutcome delete(long ticks) {
    return await(containers.delete(ID, at(ticks)));
  }

  @Test
  void aContainerWithRowsIsNotDeleted() {
    put(1);
    merge(row("a", 2, 1));
    assertThat(delete(9)).isEqualTo(new ListingOutcome.NotEmpty());
    merge(deleted("a", 3));
    assertThat(delete(9)).isEqualTo(new ListingOutcome.Deleted(true));
    assertThat(delete(10)).isEqualTo(new ListingOutcome.Deleted(false));
  }

  @Test
  void aDeleteThatIsOlderThanThePutChangesNothing() throws Exception {
    put(5);
    assertThat(delete(5)).isEqualTo(new ListingOutcome.Superseded());
    assertThat(containers.state(ID).exists()).isTrue();
  }

  @Test
  void aPutThatIsOlderThanTheDeleteChangesNothing() throws Exception {
    put(1);
    delete(5);
    assertThat(put(5)).isEqualTo(new ListingOutcome.Superseded());
    assertThat(containers.state(ID).exists()).isFalse();
    assertThat(put(6)).isEqualTo(new ListingOutcome.Created(0));
    assertThat(containers.state(ID).exists()).isTrue();
  }

  @Test
  void aLateRowMakesADeletedContainerExistAgain() throws Exception {
    put(1);
    delete(5);
    assertThat(merge(row("late", 3, 7))).isTrue();
    assertThat(containers.state(ID).exists()).isTrue();
    assertThat(containers.list(ID, ListingQuery.first(10), EntryCost.FREE).entries()).hasSize(1);
  }

  @Test
  void rowsOfAContainerThatNeverWasAreRefused() throws Exception {
    assertThat(merge(row("a", 2, 1))).isFalse();
    assertThat(listings.store().due(null, 10)).isEmpty();
  }

  @Test
  void metadataGoesWithTheContainer() throws Exception {
    await(
        containers.put(
            ID,
            OptionalInt.empty(),
            0,
            new MetadataUpdate(at(1), new TreeMap<>(Map.of("x-container-meta-a", "1")))));
    delete(5);
    put(6);
    assertThat(containers.state(ID).info().metadata().get("x-container-meta-a").value()).isEmpty();
  }

  @Test
  void tooMuchMetadataChangesNothing() throws Exception {
    put(1);
    TreeMap<String, String> values = new TreeMap<>();
    for (int i = 0; i < 91; i++) {
      values.put("x-container-meta-" + i, "v");
    }
    assertThat(await(containers.post(ID, new MetadataUpdate(at(2), values), true)))
        .isInstanceOf(ListingOutcome.TooMuchMetadata.class);
    assertThat(containers.state(ID).info().metadata()).isEmpty();
    assertThat(containers.state(ID).info().put()).isEqualTo(at(1));
  }

  private ListingInfo set(long ticks, String name, String value) throws Exception {
    TreeMap<String, String> values = new TreeMap<>(Map.of(name, value));
    await(containers.post(ID, new MetadataUpdate(at(ticks), values), true));
    return containers.state(ID).info();
  }

  @Test
  void aRemovedEntryIsKeptForItsClockUntilTheReclaimAge() throws Exception {
    long eightDays = Duration.ofDays(8).toSeconds() * Timestamp.TICKS_PER_SECOND;
    put(-eightDays);
    set(1 - eightDays, "x-container-meta-a", "1");
    set(2, "x-container-meta-b", "1");
    set(3, "x-container-meta-b", "");
    assertThat(set(1, "x-container-meta-b", "late").metadata().get("x-container-meta-b").value())
        .isEmpty();
    assertThat(set(2 - eightDays, "x-container-meta-a", "").metadata())
        .containsOnlyKeys("x-container-meta-b");
  }

  @Test
  void removedEntriesAreBoundedAndTheNewestAreKept() throws Exception {
    put(1);
    TreeMap<String, String> values = new TreeMap<>();
    for (int i = 0; i < 2_000; i++) {
      values.put("x-container-meta-" + i, "");
    }
    await(containers.post(ID, new MetadataUpdate(at(2), values), true));
    assertThat(containers.state(ID).info().metadata()).hasSize(900);
    assertThat(set(3, "x-container-meta-new", "").metadata())
        .hasSize(900)
        .containsKey("x-container-meta-new");
    assertThat(set(4, "x-container-meta-" + "n".repeat(40_960), "").metadata()).hasSize(1);
    assertThat(set(5, "x-container-meta-live", "v").metadata())
        .containsKey("x-container-meta-live");
  }

  @Test
  void everyChangeIsDueUntilExactlyThatStateWasTold() throws Exception {
    put(1);
    DueReport first = listings.store().due(null, 10).getFirst();
    merge(row("a", 2, 1));
    DueReport second = listings.store().due(null, 10).getFirst();
    assertThat(second.changed()).isGreaterThan(first.changed());
    await(listings.store().clearDue(ID.hash(), first.changed()));
    assertThat(listings.store().due(null, 10)).containsExactly(second);
    listings.reopen();
    assertThat(listings.store().due(null, 10)).containsExactly(second);
    await(listings.store().clearDue(ID.hash(), second.changed()));
    assertThat(listings.store().due(null, 10)).isEmpty();
  }

  @Test
  void whatIsKnownAlreadyIsNotDueAgain() throws Exception {
    put(1);
    merge(row("a", 2, 1));
    DueReport mark = listings.store().due(null, 10).getFirst();
    await(listings.store().clearDue(ID.hash(), mark.changed()));
    merge(row("a", 2, 1));
    merge(deleted("a", 1));
    assertThat(listings.store().due(null, 10)).isEmpty();
  }

  @Test
  void countsAreByPolicyAndSumUp() throws Exception {
    put(1);
    merge(row("a", 2, 10), new ListingRow("b", at(2), at(2), at(2), false, 5, "e", "t", 1));
    Totals totals = containers.state(ID).totals();
    assertThat(totals.of(0)).isEqualTo(new Totals.OfPolicy(1, 1, 10));
    assertThat(totals.of(1)).isEqualTo(new Totals.OfPolicy(1, 1, 5));
    assertThat(totals.all()).isEqualTo(new Totals.OfPolicy(2, 2, 15));
    merge(new ListingRow("a", at(3), at(3), at(3), false, 4, "e", "t", 1));
    assertThat(containers.state(ID).totals().byPolicy())
        .containsOnly(Map.entry(1, new Totals.OfPolicy(2, 2, 9)));
  }
}
