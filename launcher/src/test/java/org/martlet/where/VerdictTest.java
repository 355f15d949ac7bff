package org.martlet.where;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.cluster.NodeClient;
import org.martlet.common.http.Headers;
import org.martlet.where.WhereReport.Copy;
import org.martlet.where.WhereReport.Listing;
import org.martlet.where.WhereReport.Place;
import org.martlet.where.WhereReport.Row;

final class VerdictTest {
  private static final String EARLY = "1700000001.00000";
  private static final String LATE = "1700000002.00000";

  private static Place place(String role, int n) {
    return new Place(role, "10.0.0." + n + ":6200", "d" + n, 1, n);
  }

  private static Copy copy(Place place, String state, @Nullable String clock, boolean sound) {
    boolean live = state.equals("live");
    return new Copy(
        place,
        state,
        state.equals("unknown") ? "no answer: connection refused" : null,
        clock == null ? null : new WhereReport.Clocks(clock, clock, clock),
        false,
        clock == null ? null : (Boolean) sound,
        sound ? List.of() : List.of("body: block 3 is damaged"),
        live ? 3L : null,
        live ? "abc" : null,
        null,
        null,
        false,
        List.of());
  }

  private static Verdict of(Copy... copies) {
    return Verdict.ofObject(ObjectSearch.judged(List.of(copies)), List.of());
  }

  @Test
  void whereAllPrimariesHaveTheNewestThereIsNothingToDo() {
    Verdict verdict =
        of(
            copy(place("primary 0", 1), "live", LATE, true),
            copy(place("primary 1", 2), "live", LATE, true),
            copy(place("handoff", 3), "absent", null, true));
    assertThat(verdict.healthy()).isTrue();
    assertThat(verdict.lines())
        .containsExactly("2 of 2 primaries hold the newest state; nothing to do.");
  }

  @Test
  void aReplicaThatLacksItAndOneThatIsBehindAreNamedWithWhatWillHappen() {
    Verdict verdict =
        of(
            copy(place("primary 0", 1), "live", LATE, true),
            copy(place("primary 1", 2), "absent", null, true),
            copy(place("primary 2", 3), "live", EARLY, true),
            copy(place("handoff", 4), "live", LATE, true));
    assertThat(verdict.healthy()).isFalse();
    assertThat(verdict.lines())
        .anyMatch(line -> line.equals("1 of 3 primaries hold the newest state."))
        .anyMatch(line -> line.startsWith("10.0.0.2:6200 d2 lacks it: the next pass"))
        .anyMatch(line -> line.startsWith("10.0.0.3:6200 d3 has an older state"))
        .anyMatch(line -> line.startsWith("10.0.0.4:6200 d4 (handoff) holds the newest state"));
  }

  @Test
  void aNewerTombstoneWinsAndAStaleBodyIsBehind() {
    List<Copy> judged =
        ObjectSearch.judged(
            List.of(
                copy(place("primary 0", 1), "deleted", LATE, true),
                copy(place("primary 1", 2), "live", EARLY, true)));
    assertThat(judged).extracting(Copy::newest).containsExactly(true, false);
    assertThat(Verdict.ofObject(judged, List.of()).lines().getFirst())
        .isEqualTo("1 of 2 primaries hold the newest state, that it is deleted.");
  }

  @Test
  void aDamagedCopyIsNotCountedAsOne() {
    Verdict verdict = of(copy(place("primary 0", 1), "live", LATE, false));
    assertThat(verdict.healthy()).isFalse();
    assertThat(verdict.lines())
        .anyMatch(line -> line.contains("damaged copy (body: block 3 is damaged)"))
        .anyMatch(line -> line.startsWith("NO sound copy"));
  }

  @Test
  void nobodyHasItUnlessWhoIsSilentDoes() {
    assertThat(of(copy(place("primary 0", 1), "absent", null, true)).lines())
        .containsExactly("None of the 1 devices that were asked knows of it.");
    assertThat(
            of(
                    copy(place("primary 0", 1), "absent", null, true),
                    copy(place("primary 1", 2), "unknown", null, true))
                .lines())
        .first()
        .asString()
        .contains("1 of 2 do not answer, it may be there");
  }

  @Test
  void aListingThatLagsIsTold() {
    List<Copy> copies =
        ObjectSearch.judged(List.of(copy(place("primary 0", 1), "live", LATE, true)));
    Row row = new Row(place("primary 0", 5), null, false, null, null, null, false);
    Verdict verdict = Verdict.ofObject(copies, List.of(row));
    assertThat(verdict.healthy()).isFalse();
    assertThat(verdict.lines()).anyMatch(line -> line.contains("is not listed there"));
    Row ghost = new Row(place("primary 0", 5), null, true, 3L, "abc", null, false);
    assertThat(Verdict.ofObject(List.of(), List.of(ghost)).lines())
        .contains("It is listed in its container all the same.");
  }

  @Test
  void replicasOfAContainerThatDifferAreNamed() {
    Listing first = listing(1, "live", 10, LATE);
    Listing second = listing(2, "live", 9, EARLY);
    Listing third = listing(3, "absent", 0, null);
    List<Listing> judged = ListingSearch.judged(List.of(first, second, third));
    assertThat(judged).extracting(Listing::agrees).containsExactly(true, false, false);
    Verdict verdict = Verdict.ofListing("container", judged, List.of());
    assertThat(verdict.healthy()).isFalse();
    assertThat(verdict.lines())
        .containsExactly(
            "1 of 3 primaries say what the last change made.",
            "10.0.0.2:6200 d2 says otherwise: replication or updates on the way bring it up to"
                + " date.",
            "10.0.0.3:6200 d3 lacks it: the next pass of replication brings it there.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"device\":\"d\",\"state\":\"LIVE\"}",
        "{\"device\":\"d\",\"state\":\"ODD\",\"checks\":[],\"remarks\":[]}",
        "{\"device\":\"d\",\"state\":\"LIVE\",\"checks\":[{}],\"remarks\":[]}",
        "{\"device\":\"d\",\"state\":\"LIVE\",\"checks\":[],\"remarks\":[],\"clocks\":{}}"
      })
  void anAnswerThatLacksSomethingIsOneThatIsNotUnderstood(String body) {
    Copy copy =
        ObjectSearch.copy(
            place("primary 0", 1),
            new NodeClient.Reply(200, new Headers(), body.getBytes(UTF_8), null));
    assertThat(copy.state()).isEqualTo("unknown");
    assertThat(copy.fault()).contains("not understood");
  }

  @Test
  void whatMostReplicasCountIsRightAndNotTheLargest() {
    List<Listing> judged =
        ListingSearch.judged(
            List.of(
                listing(1, "live", 100, LATE),
                listing(2, "live", 0, LATE),
                listing(3, "live", 0, LATE)));
    assertThat(judged).extracting(Listing::agrees).containsExactly(false, true, true);
  }

  @Test
  void countsOfAnAccountAreSaidAndNotJudged() {
    List<Listing> judged = ListingSearch.judged(List.of(account(1, 5), account(2, 7)));
    assertThat(judged).extracting(Listing::agrees).containsExactly(true, true);
    Verdict verdict = Verdict.ofListing("account", judged, List.of());
    assertThat(verdict.healthy()).isTrue();
    assertThat(verdict.lines()).hasSize(2).last().asString().contains("count differently");
  }

  private static Listing account(int n, long objects) {
    return new Listing(
        place("primary " + n, n),
        "live",
        null,
        objects,
        objects,
        1L,
        null,
        LATE,
        null,
        null,
        false);
  }

  private static Listing listing(int n, String state, long objects, @Nullable String changed) {
    return new Listing(
        place("primary " + n, n),
        state,
        null,
        objects,
        objects,
        null,
        0,
        changed,
        null,
        changed,
        false);
  }

  @Property(tries = 200)
  void theNewestIsTheSameInWhateverOrderDevicesAnswer(@ForAll long seed) {
    Random random = new Random(seed);
    List<Copy> copies = new ArrayList<>();
    for (int n = 1; n <= 5; n++) {
      String state = List.of("live", "deleted", "absent").get(random.nextInt(3));
      String clock = state.equals("absent") ? null : random.nextBoolean() ? EARLY : LATE;
      copies.add(copy(place("primary " + n, n), state, clock, true));
    }
    List<Place> newest = newest(copies);
    Collections.shuffle(copies, random);
    assertThat(newest(copies)).containsExactlyInAnyOrderElementsOf(newest);
  }

  private static List<Place> newest(List<Copy> copies) {
    return ObjectSearch.judged(copies).stream().filter(Copy::newest).map(Copy::place).toList();
  }
}
