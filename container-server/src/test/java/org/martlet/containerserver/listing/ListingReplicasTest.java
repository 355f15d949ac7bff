package org.martlet.containerserver.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.martlet.containerserver.listing.Listings.at;
import static org.martlet.containerserver.listing.Listings.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ContainerStat;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.RowsClock;
import org.martlet.common.replication.ListingPart;
import org.martlet.common.replication.RowDigest;

/// What replicas of listings ask of each other, one thing at a time.
class ListingReplicasTest {
  private static final ListingKind KIND = ListingKind.CONTAINER;
  private static final ListingId ID = Listings.container("c");
  private static final Duration TIME = Duration.ofSeconds(30);

  private Listings listings;
  private ListingReplicas replicas;

  @BeforeEach
  void create() throws Exception {
    listings = Listings.empty();
    replicas = new ListingReplicas(listings.store(), MetadataLimits.DEFAULT);
    await(listings.containers().put(ID, OptionalInt.empty(), 0, MetadataUpdate.none(at(1))));
  }

  @AfterEach
  void close() {
    listings.close();
  }

  private void merge(ListingRow... rows) {
    await(
        listings
            .containers()
            .merge(List.of(new Containers.Rows(ID, List.of(rows), OptionalInt.empty()))));
  }

  private Digest digest() throws ListingFault {
    return replicas.head(KIND, ID.hash()).orElseThrow().summary().all();
  }

  @Test
  void liveAndDeletedRowsComeTogetherInTheOrderOfTheirBytesPageByPage() throws Exception {
    merge(
        Listings.row("b", 2, 1),
        Listings.deleted("a", 2),
        Listings.row("\ud83d\ude00", 2, 1),
        Listings.row("\uff00", 2, 1),
        Listings.deleted("c", 2));
    StringBuilder seen = new StringBuilder();
    String after = "";
    do {
      RowDigest.Page page =
          replicas.rows(KIND, ID.hash(), Exchange.all(), after, 2, TIME).orElseThrow();
      assertThat(RowDigest.Page.decode(page.encode())).isEqualTo(page);
      page.rows().forEach(row -> seen.append(row.name()).append(row.deleted() ? "!" : " "));
      after = page.lookedAt();
    } while (!after.isEmpty());
    assertThat(seen).hasToString("a!b c!\uff00 \ud83d\ude00 ");
  }

  @Test
  void aPageHasTheRowsOfTheAskedLeavesOnlyAndSaysHowFarItLooked() throws Exception {
    for (int i = 0; i < 40; i++) {
      merge(Listings.row("o" + i, 2, i));
    }
    List<Digest> leaves = replicas.head(KIND, ID.hash()).orElseThrow().summary().leaves();
    BitSet one = new BitSet();
    one.set(leaves.indexOf(leaves.stream().filter(d -> !d.equals(Digest.ZERO)).findFirst().get()));
    RowDigest.Page some = replicas.rows(KIND, ID.hash(), one, "", 100, TIME).orElseThrow();
    assertThat(some.rows()).isNotEmpty().hasSizeLessThan(20);
    assertThat(some.lookedAt()).isEmpty();
    RowDigest.Page none = replicas.rows(KIND, ID.hash(), one, "", 100, Duration.ZERO).orElseThrow();
    assertThat(none.rows().size()).isLessThanOrEqualTo(some.rows().size());
  }

  @Test
  void aPartOfAnotherListingIsRefusedAndSoIsWhatIsNoRecord() throws Exception {
    ListingPart part = replicas.fetch(KIND, ID.hash(), List.of(), bytes -> {}).orElseThrow();
    ObjectHash other = Listings.container("other").hash();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> replicas.merge(KIND, other, part, false))
        .withMessageContaining("another listing");
    ListingPart.Row bad = new ListingPart.Row("n", ByteBuffer.wrap(new byte[] {9, 9}));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                replicas.merge(KIND, ID.hash(), new ListingPart(part.state(), List.of(bad)), false))
        .withMessageContaining("cannot be read");
  }

  @Test
  void aListingThatIsMissingIsCreatedAndAMergedDeletionDeletes() throws Exception {
    await(listings.containers().delete(ID, at(5)));
    try (Listings fresh = Listings.empty()) {
      ListingReplicas other = new ListingReplicas(fresh.store(), MetadataLimits.DEFAULT);
      await(fresh.containers().put(ID, OptionalInt.empty(), 0, MetadataUpdate.none(at(2))));
      Exchange.push(KIND, replicas, other, 10);
      assertThat(fresh.store().state(ID).exists()).isFalse();
      assertThat(other.head(KIND, ID.hash()).orElseThrow().deleted()).isEqualTo(at(5));
    }
  }

  @Test
  void aListingIsDroppedWithEverythingAboutItUnlessItHasChanged() throws Exception {
    merge(Listings.row("a", 2, 1), Listings.deleted("b", 2), misplaced("c", 2));
    Digest seen = digest();
    merge(Listings.row("d", 3, 1));
    assertThat(await(replicas.drop(KIND, ID.hash(), seen)))
        .isEqualTo(ListingReplicas.Dropped.CHANGED);
    assertThat(await(replicas.drop(KIND, ID.hash(), digest())))
        .isEqualTo(ListingReplicas.Dropped.DROPPED);
    assertThat(await(replicas.drop(KIND, ID.hash(), seen))).isEqualTo(ListingReplicas.Dropped.GONE);
    assertNothingIsLeft();
    merge(Listings.row("e", 4, 1));
    assertThat(Exchange.names(KIND, replicas, ID.hash())).isEmpty();
  }

  private void assertNothingIsLeft() throws ListingFault {
    assertThat(replicas.digests(KIND, 0, 0, 0, 1)).isEmpty();
    assertThat(replicas.listings(KIND, Exchange.ALL, 10).entries()).isEmpty();
    assertThat(listings.store().due(null, 10)).isEmpty();
    assertThat(new ListingWork(listings.store()).misplaced(Exchange.ALL.first(), 10)).isEmpty();
    assertThat(listings.store().state(ID).totals().all().rows()).isZero();
  }

  private Reclaim.Step reclaim(Timestamp before) throws ListingFault {
    Reclaim.Position from = new Reclaim.Position(Exchange.ALL.first(), "");
    int rows = 0;
    int gone = 0;
    for (int i = 0; i < 100; i++) {
      Reclaim.Step step = await(replicas.reclaim(KIND, from, Exchange.ALL.last(), before, TIME));
      rows += step.rows();
      gone += step.listings();
      if (step.next().isEmpty()) {
        return new Reclaim.Step(rows, gone, Optional.empty());
      }
      from = step.next().get();
    }
    throw new AssertionError("it does not end");
  }

  @Test
  void onlyOldDeletedRowsAreReclaimedAndTotalsStay() throws Exception {
    merge(
        Listings.row("live", 2, 7),
        Listings.deleted("old", 2),
        Listings.deleted("young", 20),
        Listings.row("late", 3, 1));
    RowsClock rows = listings.store().state(ID).totals().rows();
    ContainerStat told = told(listings);
    assertThat(reclaim(at(10))).isEqualTo(new Reclaim.Step(1, 0, Optional.empty()));
    assertThat(listings.store().state(ID).totals().rows())
        .isEqualTo(rows.minus(List.of(at(2), at(2), at(2))));
    assertThat(told(listings)).as("no earlier than before").isEqualTo(told);
    assertThat(Exchange.names(KIND, replicas, ID.hash())).containsExactly("late", "live", "young!");
    assertThat(listings.store().state(ID).totals().all().bytes()).isEqualTo(8);
    try (Listings fresh = Listings.empty()) {
      ListingReplicas other = new ListingReplicas(fresh.store(), MetadataLimits.DEFAULT);
      Exchange.push(KIND, replicas, other, 10);
      assertThat(other.head(KIND, ID.hash()).orElseThrow().summary())
          .isEqualTo(replicas.head(KIND, ID.hash()).orElseThrow().summary());
      assertThat(told(fresh)).as("though it never had what was reclaimed").isEqualTo(told);
    }
  }

  /// Rows that end at one moment together, as those of a bulk that expires: the newest clock stays.
  @Test
  void anAccountBelievesWhatIsDeletedAfterOtherRowsWereReclaimed() throws Exception {
    merge(Listings.deleted("old", 2), Listings.row("a", 3, 1), Listings.row("b", 3, 1));
    merge(Listings.deleted("a", 20));
    ContainerStat half = told(listings);
    reclaim(at(10));
    merge(Listings.deleted("b", 20));
    assertThat(RowType.CONTAINERS.merge(half, told(listings)).usage()).isEmpty();
    assertThat(RowType.CONTAINERS.merge(told(listings), half).usage()).isEmpty();
  }

  private static ContainerStat told(Listings from) throws ListingFault {
    ListingState state = from.store().state(ID);
    return Containers.stat(Objects.requireNonNull(state.info()), state.totals());
  }

  @Test
  void aListingThatWasDeletedLongAgoGoesWithItsRowsOnceItsAccountKnows() throws Exception {
    merge(Listings.deleted("a", 2), Listings.deleted("b", 3));
    await(listings.containers().delete(ID, at(5)));
    assertThat(reclaim(at(10)).listings()).isZero();
    Timestamp changed = listings.store().state(ID).totals().changed();
    await(listings.store().clearDue(ID.hash(), changed));
    assertThat(reclaim(at(4)).listings()).isZero();
    assertThat(reclaim(at(10)).listings()).isEqualTo(1);
    assertNothingIsLeft();
  }

  @Test
  void aListingThatExistsIsNeverReclaimed() throws Exception {
    Timestamp changed = listings.store().state(ID).totals().changed();
    await(listings.store().clearDue(ID.hash(), changed));
    assertThat(reclaim(at(1_000))).isEqualTo(new Reclaim.Step(0, 0, Optional.empty()));
    assertThat(listings.store().state(ID).exists()).isTrue();
  }

  @Test
  void aPartThatBringsNothingNewMakesTheContainerDueIfItSaysSo() throws Exception {
    ListingPart part = replicas.fetch(KIND, ID.hash(), List.of(), bytes -> {}).orElseThrow();
    await(listings.store().clearDue(ID.hash(), listings.store().state(ID).totals().changed()));
    await(replicas.merge(KIND, ID.hash(), part, false));
    assertThat(listings.store().due(null, 10)).isEmpty();
    await(replicas.merge(KIND, ID.hash(), part, true));
    assertThat(listings.store().due(null, 10)).hasSize(1);
  }

  private static ListingRow misplaced(String name, long ticks) {
    Timestamp at = at(ticks);
    return new ListingRow(name, at, at, at, false, 1, "e", "t", 1);
  }

  @Test
  void rowsOfAnotherPolicyMarkTheirContainerUntilTheMarkIsSettled() throws Exception {
    ListingWork work = new ListingWork(listings.store());
    merge(Listings.row("right", 2, 1));
    assertThat(work.misplaced(Exchange.ALL.first(), 10)).isEmpty();
    merge(misplaced("wrong", 2));
    MisplacedMark mark = work.misplaced(Exchange.ALL.first(), 10).getFirst();
    assertThat(mark.container()).isEqualTo(ID.path());
    MisplacedRows.Page page =
        work.misplacedRows(ID.hash(), MisplacedRows.Position.FIRST, 10, TIME).orElseThrow();
    assertThat(page.rows()).extracting(ListingRow::name).containsExactly("wrong");
    assertThat(page.container().policy()).isZero();
    merge(misplaced("more", 3));
    await(work.settleMisplaced(ID.hash(), mark.changed()));
    assertThat(work.misplaced(Exchange.ALL.first(), 10)).hasSize(1);
    MisplacedMark newer = work.misplaced(Exchange.ALL.first(), 10).getFirst();
    await(work.settleMisplaced(ID.hash(), newer.changed()));
    assertThat(work.misplaced(Exchange.ALL.first(), 10)).isEmpty();
  }

  @Test
  void misplacedRowsComePageByPageTheDeletedOnesLast() throws Exception {
    ListingWork work = new ListingWork(listings.store());
    Timestamp at = at(2);
    merge(
        misplaced("b", 2),
        new ListingRow("a", at, at, at, true, 0, "", "", 1),
        misplaced("c", 2),
        Listings.deleted("d", 2));
    StringBuilder seen = new StringBuilder();
    Optional<MisplacedRows.Position> from = Optional.of(MisplacedRows.Position.FIRST);
    while (from.isPresent()) {
      MisplacedRows.Page page = work.misplacedRows(ID.hash(), from.get(), 1, TIME).orElseThrow();
      page.rows().forEach(row -> seen.append(row.name()));
      from = page.next();
    }
    assertThat(seen).hasToString("bca");
  }

  @Test
  void anotherPolicyOfTheContainerMarksItForTheRowsThatItHas() throws Exception {
    ListingWork work = new ListingWork(listings.store());
    merge(Listings.row("o", 2, 1));
    try (Listings fresh = Listings.empty()) {
      await(
          fresh
              .containers()
              .put(ID, OptionalInt.of(1), 0, MetadataUpdate.none(Timestamp.ofTicks(9))));
      ListingReplicas other = new ListingReplicas(fresh.store(), MetadataLimits.DEFAULT);
      Exchange.push(KIND, other, replicas, 10);
    }
    assertThat(work.misplaced(Exchange.ALL.first(), 10)).hasSize(1);
  }

  @Test
  void deletedAccountsThatHaveContainersAreListed() throws Exception {
    ListingWork work = new ListingWork(listings.store());
    for (String name : List.of("empty", "full", "alive")) {
      ListingId account = Listings.account(name);
      await(listings.accounts().put(account, MetadataUpdate.none(at(1))));
      if (!name.equals("empty")) {
        await(
            listings
                .accounts()
                .merge(
                    List.of(
                        new Accounts.Stats(
                            account,
                            List.of(
                                Containers.stat(
                                    ListingInfo.created(ID.path(), at(1), 0), Totals.NONE)),
                            false,
                            false))));
      }
      if (!name.equals("alive")) {
        await(listings.accounts().delete(account, at(5)));
      }
    }
    ListingWork.DeletedAccounts found = work.deletedAccounts(Exchange.ALL.first(), 10, TIME);
    assertThat(found.accounts())
        .containsExactly(new ListingWork.DeletedAccount(Listings.account("full"), at(5), 1));
    assertThat(found.next()).isEmpty();
  }
}
