package org.martlet.proxyserver.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.quorum.Vote.Voter;

class ReadDecisionTest {
  private static final int ALL = Integer.MAX_VALUE;
  private static final ReadEffect GRACE = new ReadEffect.Grace(false);
  private static final ReadEffect PATIENT = new ReadEffect.Grace(true);

  private static final DurabilityRule TWO_OF_THREE = new DurabilityRule(3, 2, 2);

  private final Map<ReadDecision, Integer> askedBefore = new IdentityHashMap<>();
  private final ReadDecision read = new ReadDecision(new ReadRules(3, 1, false, TWO_OF_THREE));
  private final ReadDecision newest = new ReadDecision(new ReadRules(3, 6, true, TWO_OF_THREE));

  @Test
  void usesTheFirstGoodAnswer() {
    assertThat(read.start()).containsExactly(new ReadEffect.Ask(1));
    asked(read, 1, false);
    assertThat(read.answered(0, good(0, 50))).containsExactly(new ReadEffect.Use(0));
  }

  @Test
  void asksTheNextWhenOneFails() {
    asked(read, 1, false);
    assertThat(read.failed(0)).containsExactly(new ReadEffect.Ask(1));
    asked(read, 1, false);
    assertThat(read.answered(1, vote(1, 507, null, false))).containsExactly(new ReadEffect.Ask(1));
  }

  @Test
  void asksAllPrimariesAfterTheFirst404ThenEverybody() {
    asked(read, 1, false);
    assertThat(read.answered(0, missing(0))).containsExactly(new ReadEffect.Ask(2));
    asked(read, 2, false);
    assertThat(read.answered(1, missing(1))).containsExactly(GRACE);
    assertThat(read.answered(2, missing(2))).containsExactly(new ReadEffect.Ask(ALL));
    assertThat(asked(read, 1, true)).isEmpty();
    assertThat(status(read.answered(3, vote(3, 404, null, true)))).isEqualTo(404);
  }

  @Test
  void findsWhatOnlyAHandoffHas() {
    twoPrimariesHaveNothing();
    read.answered(2, missing(2));
    asked(read, 3, true);
    assertThat(read.answered(4, good(4, 9))).containsExactly(new ReadEffect.Use(4));
  }

  @Test
  void aTombstoneThatAMajorityKnowsOrLacksIsFinalWithoutHandoffs() {
    theFirstPrimarySays(vote(0, 404, Timestamp.ofTicks(70), false));
    read.answered(1, missing(1));
    assertThat(status(read.answered(2, missing(2)))).isEqualTo(404);
  }

  @Test
  void aNewerTombstoneBeatsDataAndNewerDataBeatsATombstone() {
    theFirstPrimarySays(vote(0, 404, Timestamp.ofTicks(70), false));
    assertThat(read.answered(1, good(1, 60))).containsExactly(new ReadEffect.Ask(1));
    assertThat(read.answered(2, good(2, 71))).containsExactly(new ReadEffect.Use(2));
  }

  @Test
  void doesNotSay404WhenTooFewCouldBeAsked() {
    theFirstPrimarySays(missing(0));
    read.failed(1);
    asked(read, 0, true);
    assertThat(status(read.failed(2))).isEqualTo(503);
  }

  @Test
  void doesNotSay404WhereThoseThatFailedCouldHoldWhatWasAcknowledged() {
    asked(read, 1, false);
    read.answered(0, missing(0));
    asked(read, 4, true);
    read.answered(1, missing(1));
    read.failed(2);
    read.failed(3);
    assertThat(status(read.answered(4, vote(4, 404, null, true)))).isEqualTo(503);
  }

  /// Three servers with two devices each, the third of them dead.
  @Test
  void says404WhereAllThatFailedAreOneServersAndCopiesAreOnTwo() {
    read.asked(devicesOn("s0", "s1", "s2", "s0", "s1", "s2"), true);
    read.answered(0, missing(0));
    read.answered(1, missing(1));
    read.failed(2);
    read.failed(5);
    read.answered(3, vote(3, 404, null, true));
    assertThat(status(read.answered(4, vote(4, 404, null, true)))).isEqualTo(404);
  }

  @Test
  void says503WhereAllThatFailedAreOneServersAndCopiesMayBeOnOne() {
    ReadRules rules = new ReadRules(3, 1, false, new DurabilityRule(3, 2, 1));
    ReadDecision oneServer = new ReadDecision(rules);
    oneServer.asked(devicesOn("s0", "s1", "s2", "s2"), true);
    oneServer.answered(0, missing(0));
    oneServer.failed(2);
    oneServer.failed(3);
    assertThat(status(oneServer.answered(1, missing(1)))).isEqualTo(503);
  }

  @Test
  void theNewestIsNotWaitedForOnOneServerAlone() {
    newest.asked(devicesOn("s0", "s1", "s2", "s2"), true);
    newest.answered(0, good(0, 50));
    assertThat(newest.answered(1, good(1, 50))).containsExactly(GRACE);
  }

  @Test
  void waitsForTheSlowWhereNoClockProvesThatItIsGone() {
    theFirstPrimarySays(missing(0));
    assertThat(read.answered(1, missing(1))).containsExactly(GRACE);
    assertThat(read.graceOver()).containsExactly(new ReadEffect.Ask(ALL));
    assertThat(asked(read, 1, true)).isEmpty();
    assertThat(read.answered(3, vote(3, 404, null, true))).containsExactly(PATIENT);
    assertThat(read.answered(2, good(2, 50))).containsExactly(new ReadEffect.Use(2));
  }

  @Test
  void doesNotWaitForEverForOneThatIsSilentWhenAllOthersHaveNothing() {
    twoPrimariesHaveNothing();
    read.graceOver();
    asked(read, 1, true);
    assertThat(read.answered(3, vote(3, 404, null, true))).containsExactly(PATIENT);
    assertThat(status(read.graceOver())).isEqualTo(404);
  }

  @Test
  void waitsForAllWhereThoseThatAreSilentOrFailedCouldHoldWhatWasAcknowledged() {
    twoPrimariesHaveNothing();
    read.graceOver();
    asked(read, 1, true);
    assertThat(read.failed(3)).isEmpty();
    assertThat(read.graceOver()).isEmpty();
    assertThat(status(read.answered(2, missing(2)))).isEqualTo(404);
  }

  @Test
  void doesNotWaitForTheSlowOnceATombstoneIsKnownToAMajority() {
    twoPrimariesHaveNothing();
    read.graceOver();
    asked(read, 1, true);
    assertThat(read.answered(3, vote(3, 404, Timestamp.ofTicks(70), true))).containsExactly(GRACE);
    assertThat(status(read.graceOver())).isEqualTo(404);
  }

  @Test
  void allThatATombstoneOutdatesCountAsGoneInWhateverOrderTheyAnswer() {
    ReadDecision four = new ReadDecision(new ReadRules(4, 8, true, new DurabilityRule(4, 3, 2)));
    asked(four, 4, true);
    four.answered(0, good(0, 50));
    four.answered(1, good(1, 60));
    four.failed(2);
    assertThat(status(four.answered(3, vote(3, 404, Timestamp.ofTicks(70), false)))).isEqualTo(404);
  }

  @Test
  void askingForTheNewestWaitsForAMajorityAndTakesTheNewest() {
    assertThat(newest.start()).containsExactly(new ReadEffect.Ask(6));
    asked(newest, 4, true);
    newest.answered(0, good(0, 50));
    assertThat(newest.answered(1, good(1, 60))).containsExactly(PATIENT);
    assertThat(newest.answered(2, good(2, 55))).containsExactly(GRACE);
    assertThat(newest.answered(3, vote(3, 404, null, true))).containsExactly(new ReadEffect.Use(1));
  }

  @Test
  void theNewestIsWaitedForOnHandoffsThatCouldHaveItAlone() {
    asked(newest, 5, true);
    newest.answered(0, good(0, 50));
    assertThat(newest.answered(1, good(1, 50))).containsExactly(PATIENT);
    assertThat(newest.answered(2, good(2, 50))).isEmpty();
    assertThat(newest.answered(3, vote(3, 200, Timestamp.ofTicks(60), true)))
        .containsExactly(GRACE);
    assertThat(newest.graceOver()).containsExactly(new ReadEffect.Use(3));
  }

  @Test
  void theNewestIsNotWaitedForWithoutEnd() {
    asked(newest, 5, true);
    newest.answered(0, good(0, 50));
    assertThat(newest.answered(1, good(1, 50))).containsExactly(PATIENT);
    assertThat(newest.graceOver()).containsExactly(new ReadEffect.Use(0));
  }

  @Test
  void theNewestMayBeATombstone() {
    asked(newest, 4, true);
    newest.answered(0, good(0, 50));
    newest.answered(1, good(1, 60));
    newest.answered(2, vote(2, 404, Timestamp.ofTicks(61), false));
    assertThat(status(newest.failed(3))).isEqualTo(404);
  }

  @Test
  void newerMetadataOnAnOlderBodyIsNotTheNewest() {
    asked(newest, 4, true);
    newest.answered(0, changed(0, 200, 50, 70));
    newest.answered(1, changed(1, 200, 60, 60));
    newest.answered(2, changed(2, 200, 60, 65));
    assertThat(newest.answered(3, vote(3, 404, null, true))).containsExactly(new ReadEffect.Use(2));
  }

  @Test
  void newerMetadataDoesNotSaveABodyFromATombstone() {
    asked(newest, 4, true);
    newest.answered(0, changed(0, 200, 50, 70));
    newest.answered(1, changed(1, 404, 60, 60));
    newest.answered(2, changed(2, 404, 60, 60));
    assertThat(status(newest.failed(3))).isEqualTo(404);
  }

  @Test
  void newerMetadataUnderATombstoneDoesNotOutdateALaterBody() {
    asked(newest, 4, true);
    newest.answered(0, changed(0, 404, 60, 70));
    newest.answered(1, changed(1, 200, 65, 65));
    newest.answered(2, changed(2, 200, 65, 65));
    assertThat(newest.answered(3, vote(3, 404, null, true))).containsExactly(new ReadEffect.Use(1));
  }

  @Test
  void aSlowDeviceIsHedgedOnlyWhileSomebodyIsLeft() {
    asked(read, 1, false);
    assertThat(read.slow()).containsExactly(new ReadEffect.Ask(1));
    asked(read, 0, true);
    assertThat(read.slow()).isEmpty();
  }

  /// 0 to 2: data with a clock, 3 and 4: a tombstone, 5: nothing, 6: a failure.
  @Property(tries = 2000)
  void endsAndNeverShowsWhatAKnownTombstoneOutdates(
      @ForAll boolean newestWanted,
      @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 6) Integer> devices,
      @ForAll @Size(min = 60, max = 60) List<@IntRange(max = 5) Integer> order) {
    ReadRun run = new ReadRun(newestWanted, devices, order);

    run.play();

    if (run.used() != null) {
      assertThat(run.used()).isGreaterThanOrEqualTo(run.newestTombstoneHeardBefore());
      if (newestWanted) {
        assertThat(run.used()).isEqualTo(run.newestDataHeard());
      }
    } else if (run.status() == 404) {
      assertThat(run.newestTombstoneHeardBefore() >= 0 || run.newestDataHeard() < 0).isTrue();
    }
  }

  static int status(List<ReadEffect> effects) {
    assertThat(effects).hasSize(1).first().isInstanceOf(ReadEffect.Finish.class);
    return ((ReadEffect.Finish) effects.getFirst()).outcome().status();
  }

  /// The next devices in their order, each on a server of its own.
  private List<ReadEffect> asked(ReadDecision decision, int count, boolean nobodyIsLeft) {
    int first = askedBefore.merge(decision, count, Integer::sum) - count;
    List<Voter> devices =
        IntStream.range(first, first + count).mapToObj(i -> voter(i, i >= 3)).toList();
    return decision.asked(devices, nobodyIsLeft);
  }

  /// The first three are primaries.
  private static List<Voter> devicesOn(String... servers) {
    return IntStream.range(0, servers.length)
        .mapToObj(i -> new Voter("d" + i, servers[i], i >= 3))
        .toList();
  }

  private static Voter voter(int device, boolean handoff) {
    return new Voter("d" + device, "s" + device, handoff);
  }

  /// The first primary answers; the other two are asked.
  private void theFirstPrimarySays(Vote vote) {
    asked(read, 1, false);
    read.answered(0, vote);
    asked(read, 2, false);
  }

  private void twoPrimariesHaveNothing() {
    theFirstPrimarySays(missing(0));
    read.answered(1, missing(1));
  }

  private static Vote good(int device, long clock) {
    return vote(device, 200, Timestamp.ofTicks(clock), false);
  }

  private static Vote changed(int device, int status, long data, long newest) {
    return new Vote(
        voter(device, false), status, Timestamp.ofTicks(newest), Timestamp.ofTicks(data));
  }

  private static Vote missing(int device) {
    return vote(device, 404, null, false);
  }

  private static Vote vote(int device, int status, Timestamp stored, boolean handoff) {
    return new Vote(voter(device, handoff), status, stored);
  }

  /// Drives a decision over devices that hold what they hold.
  private static final class ReadRun {
    private final ReadDecision decision;
    private final List<Integer> devices;
    private final List<Integer> order;
    private final List<Integer> open = new ArrayList<>();
    private int next;
    private boolean grace;
    private Integer used;
    private int status;
    private int tombstone = -1;
    private int data = -1;

    ReadRun(boolean newest, List<Integer> devices, List<Integer> order) {
      this.decision = new ReadDecision(new ReadRules(3, newest ? 6 : 1, newest, TWO_OF_THREE));
      this.devices = devices;
      this.order = new ArrayList<>(order);
    }

    Integer used() {
      return used;
    }

    int status() {
      return status;
    }

    int newestTombstoneHeardBefore() {
      return tombstone;
    }

    int newestDataHeard() {
      return data;
    }

    void play() {
      apply(decision.start());
      while (used == null && status == 0) {
        int choice = order.isEmpty() ? 0 : order.removeFirst();
        if (choice == 5 && grace) {
          grace = false;
          apply(decision.graceOver());
        } else if (choice == 4) {
          apply(decision.slow());
        } else {
          hear(open.remove(choice % open.size()));
        }
      }
    }

    private void hear(int device) {
      int holds = devices.get(device);
      boolean handoff = device >= 3;
      if (holds <= 2) {
        data = Math.max(data, 10 * holds);
        apply(decision.answered(device, vote(device, 200, Timestamp.ofTicks(10 * holds), handoff)));
      } else if (holds <= 4) {
        int clock = 10 * holds - 25;
        tombstone = Math.max(tombstone, clock);
        apply(decision.answered(device, vote(device, 404, Timestamp.ofTicks(clock), handoff)));
      } else if (holds == 5) {
        apply(decision.answered(device, vote(device, 404, null, handoff)));
      } else {
        apply(decision.failed(device));
      }
    }

    private void apply(List<ReadEffect> effects) {
      for (ReadEffect effect : effects) {
        switch (effect) {
          case ReadEffect.Ask ask -> {
            int count = Math.min(ask.count(), devices.size() - next);
            boolean nobody = count < ask.count();
            List<Voter> more = new ArrayList<>();
            for (int i = 0; i < count; i++) {
              more.add(voter(next, next >= 3));
              open.add(next++);
            }
            apply(decision.asked(more, nobody));
          }
          case ReadEffect.Grace wanted -> grace = true;
          case ReadEffect.Use use -> used = 10 * devices.get(use.request());
          case ReadEffect.Finish finish -> status = finish.outcome().status();
        }
      }
    }
  }
}
