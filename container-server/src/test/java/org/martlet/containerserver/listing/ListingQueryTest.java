package org.martlet.containerserver.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.martlet.containerserver.listing.Listings.await;
import static org.martlet.containerserver.listing.Listings.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;

/// Queries answer what a naive reading of all names answers.
class ListingQueryTest {
  private static final ListingId ID = container("c");

  @Property(tries = 500)
  void aQueryFindsWhatTheModelFinds(
      @ForAll("nameSets") Set<String> names, @ForAll("queries") ListingQuery query)
      throws Exception {
    try (Listings listings = with(names)) {
      assertThat(ask(listings, query)).isEqualTo(model(names, query));
    }
  }

  @Property(tries = 200)
  void pagesFollowEachOtherWithoutGapOrRepetition(
      @ForAll("nameSets") Set<String> names, @ForAll("queries") ListingQuery query)
      throws Exception {
    ListingQuery all = withMarker(query, "", 10_000);
    try (Listings listings = with(names)) {
      List<String> paged = new ArrayList<>();
      List<String> page = ask(listings, withMarker(query, "", 2));
      while (!page.isEmpty()) {
        paged.addAll(page);
        page = ask(listings, withMarker(query, page.getLast(), 2));
      }
      assertThat(paged).isEqualTo(ask(listings, all));
    }
  }

  private static ListingQuery withMarker(ListingQuery query, String marker, int limit) {
    return new ListingQuery(
        limit,
        marker,
        "",
        query.prefix(),
        query.delimiter(),
        query.path(),
        query.reverse(),
        query.reserved(),
        query.policy());
  }

  @Test
  void aMarkerWithinAPseudoDirectoryShowsTheDirectoryAgain() throws Exception {
    try (Listings listings = with(Set.of("photos/a", "photos/z", "zebra"))) {
      assertThat(ask(listings, query("photos/m", "", "/"))).containsExactly("photos/", "zebra");
      assertThat(ask(listings, query("photos/", "", "/"))).containsExactly("zebra");
    }
  }

  @Test
  void aPathListsOneLevelWithTheMarkerObjectsOfDirectories() throws Exception {
    Set<String> names = Set.of("a/", "a/b", "a/b/", "a/b/c", "a/b0", "a/c", "b");
    try (Listings listings = with(names)) {
      assertThat(ask(listings, path("a", false))).containsExactly("a/b", "a/b/", "a/b0", "a/c");
      assertThat(ask(listings, path("a///", false))).containsExactly("a/b", "a/b/", "a/b0", "a/c");
      assertThat(ask(listings, path("a", true))).containsExactly("a/c", "a/b0", "a/b/", "a/b");
      assertThat(ask(listings, path("", false))).containsExactly("a/", "b");
    }
  }

  @Test
  void namesThatBeginWithNulAreShownOnlyOnRequest() throws Exception {
    try (Listings listings = with(Set.of("\0v\0a", "a"))) {
      assertThat(ask(listings, ListingQuery.first(10))).containsExactly("a");
      ListingQuery reserved =
          new ListingQuery(10, "", "", "", "", null, false, true, OptionalInt.empty());
      assertThat(ask(listings, reserved)).containsExactly("\0v\0a", "a");
    }
  }

  @Test
  void aQueryForAPolicyFindsOnlyItsRows() throws Exception {
    try (Listings listings = with(Set.of("a"))) {
      Timestamp at = Timestamp.ofTicks(500);
      ListingRow other = new ListingRow("b", at, at, at, false, 1, "e", "t", 1);
      await(
          listings
              .containers()
              .merge(List.of(new Containers.Rows(ID, List.of(other), OptionalInt.empty()))));
      assertThat(ask(listings, ListingQuery.first(10))).containsExactly("a");
      assertThat(
              ask(
                  listings,
                  new ListingQuery(10, "", "", "", "", null, false, false, OptionalInt.of(1))))
          .containsExactly("b");
    }
  }

  private static ListingQuery query(String marker, String prefix, String delimiter) {
    return new ListingQuery(
        100, marker, "", prefix, delimiter, null, false, false, OptionalInt.empty());
  }

  private static ListingQuery path(String path, boolean reverse) {
    return new ListingQuery(100, "", "", "", "", path, reverse, false, OptionalInt.empty());
  }

  private static Listings with(Set<String> names) throws IOException {
    Listings listings = Listings.empty();
    Containers containers = listings.containers();
    await(containers.put(ID, OptionalInt.empty(), 0, MetadataUpdate.none(Timestamp.ofTicks(1))));
    List<ListingRow> rows = names.stream().map(name -> Listings.row(name, 100, 1)).toList();
    await(containers.merge(List.of(new Containers.Rows(ID, rows, OptionalInt.empty()))));
    return listings;
  }

  private static List<String> ask(Listings listings, ListingQuery query) throws ListingFault {
    return listings.containers().list(ID, query, EntryCost.FREE).entries().stream()
        .map(ListingQueryTest::name)
        .toList();
  }

  private static String name(ListingPage.Entry<ListingRow> entry) {
    return switch (entry) {
      case ListingPage.Item<ListingRow> item -> item.row().name();
      case ListingPage.Subdirectory<ListingRow> directory -> directory.name();
    };
  }

  /// All entries in order, cut to the limit; computed by looking at every name.
  private static List<String> model(Set<String> names, ListingQuery query) {
    String prefix = query.effectivePrefix();
    String delimiter = query.effectiveDelimiter();
    String above = query.lowerMarker();
    String below = query.upperMarker();
    TreeSet<String> entries = new TreeSet<>(ListingQueryTest::compare);
    for (String name : names) {
      boolean inRange =
          name.startsWith(prefix)
              && (query.reserved() || name.charAt(0) != 0)
              && (above.isEmpty() || compare(name, above) > 0)
              && (below.isEmpty() || compare(name, below) < 0);
      if (!inRange) {
        continue;
      }
      int at = delimiter.isEmpty() ? -1 : name.indexOf(delimiter, prefix.length());
      if (query.path() != null) {
        if (!name.equals(prefix) && (at < 0 || at + 1 == name.length())) {
          entries.add(name);
        }
      } else if (at < 0) {
        entries.add(name);
      } else {
        String directory = name.substring(0, at + delimiter.length());
        if (!directory.equals(above)) {
          entries.add(directory);
        }
      }
    }
    List<String> ordered = new ArrayList<>(entries);
    if (query.reverse()) {
      Collections.reverse(ordered);
    }
    return ordered.subList(0, Math.min(query.limit(), ordered.size()));
  }

  private static int compare(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<Set<String>> nameSets() {
    return names(6).set().ofMaxSize(25);
  }

  private static Arbitrary<String> names(int length) {
    return Arbitraries.of("a", "b", "/", "0", "\u00e9", "\ud83d\ude00", "ab", "//")
        .list()
        .ofMinSize(1)
        .ofMaxSize(length)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<ListingQuery> queries() {
    Arbitrary<String> maybe = Arbitraries.oneOf(Arbitraries.just(""), names(3));
    Arbitrary<String> delimiters = Arbitraries.of("", "/", "/", "a", "ab", "//", "\u00e9");
    Arbitrary<String> paths = Arbitraries.of("", "a", "a/", "/", "a/b").injectNull(0.7);
    Arbitrary<Integer> limits = Arbitraries.of(0, 1, 2, 3, 100);
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    return Combinators.combine(limits, maybe, maybe, maybe, delimiters, paths, flags)
        .as(
            (limit, marker, end, prefix, delimiter, path, reverse) ->
                new ListingQuery(
                    limit,
                    marker,
                    end,
                    prefix,
                    delimiter,
                    path,
                    reverse,
                    false,
                    OptionalInt.empty()));
  }
}
