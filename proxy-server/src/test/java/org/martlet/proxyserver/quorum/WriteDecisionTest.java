package org.martlet.proxyserver.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.quorum.Effect.Outcome;
import org.martlet.proxyserver.quorum.Vote.Voter;
import org.martlet.proxyserver.quorum.WriteRules.Conflicts;
import org.martlet.proxyserver.quorum.WriteRules.Missing;

class WriteDecisionTest {
  private static final DurabilityRule THREE = DurabilityRule.of(WriteQuorum.MAJORITY, 3, 3);
  private static final WriteRules PUT =
      new WriteRules(THREE, Conflicts.OUTBID, Missing.ANSWER, 201, 3);

  private final WriteDecision put = new WriteDecision(PUT);

  @Test
  void asksADeviceForEveryCopy() {
    assertThat(put.start())
        .containsExactly(new Effect.Ask(0), new Effect.Ask(1), new Effect.Ask(2));
  }

  @Test
  void givesTheOthersAGraceOnceAQuorumAgrees() {
    assertThat(put.answered(1, 0, vote(0, 201))).isEmpty();
    assertThat(put.answered(1, 1, vote(1, 201))).containsExactly(new Effect.Grace());
    assertThat(outcome(put.graceOver(1)).status()).isEqualTo(201);
  }

  @Test
  void isDecidedAtOnceWhenAllHaveAnswered() {
    put.answered(1, 0, vote(0, 201));
    put.answered(1, 1, vote(1, 201));
    assertThat(outcome(put.answered(1, 2, vote(2, 201))).status()).isEqualTo(201);
    assertThat(put.graceOver(1)).isEmpty();
  }

  @Test
  void replacesADeviceThatFailsOrIsFull() {
    assertThat(put.failed(1, 1)).containsExactly(new Effect.Ask(1));
    assertThat(put.answered(1, 2, vote(2, 507))).containsExactly(new Effect.Ask(2));
  }

  @Test
  void isUnavailableWhenTooFewAreLeft() {
    put.answered(1, 0, vote(0, 201));
    put.exhausted(1, 1);
    assertThat(outcome(put.exhausted(1, 2)).status()).isEqualTo(503);
  }

  @Test
  void outbidsTheNewestClockThatAnybodyHolds() {
    put.answered(1, 0, vote(0, 201));
    assertThat(put.answered(1, 1, conflict(1, 70))).containsExactly(new Effect.Grace());
    assertThat(put.answered(1, 2, conflict(2, 90)))
        .containsExactly(new Effect.Repeat(Timestamp.ofTicks(90)));
    assertThat(put.round()).isEqualTo(2);
  }

  @Test
  void ignoresAnswersOfAnEarlierRound() {
    put.answered(1, 0, conflict(0, 70));
    put.graceOver(1);
    assertThat(put.answered(1, 1, vote(1, 201))).isEmpty();
    assertThat(put.failed(1, 2)).isEmpty();
    put.answered(2, 0, vote(0, 201));
    assertThat(put.answered(2, 1, vote(1, 201))).containsExactly(new Effect.Grace());
  }

  @Test
  void countsAConflictAsDoneWhenTheRoundsAreUsedUp() {
    for (int round = 1; round < 3; round++) {
      put.answered(round, 0, conflict(0, 70 + round));
      put.graceOver(round);
    }
    put.answered(3, 0, conflict(0, 99));
    put.answered(3, 1, conflict(1, 99));
    assertThat(outcome(put.answered(3, 2, conflict(2, 99))).status()).isEqualTo(201);
  }

  @Test
  void aPostLooksForTheObjectOnHandoffsBeforeItSaysThatThereIsNone() {
    WriteDecision post = post();
    post.answered(1, 0, vote(0, 202));
    post.answered(1, 1, vote(1, 404));
    assertThat(post.answered(1, 2, vote(2, 404)))
        .containsExactly(new Effect.Ask(0), new Effect.Ask(1));
    post.answered(1, 0, new Vote(new Voter("h1", "x", true), 202, null));
    assertThat(outcome(post.exhausted(1, 1)).status()).isEqualTo(202);
  }

  @Test
  void aPostThatFoundOneCopyIsNeither202Nor404() {
    WriteDecision post = post();
    post.answered(1, 0, vote(0, 202));
    post.answered(1, 1, vote(1, 404));
    post.answered(1, 2, vote(2, 404));
    post.exhausted(1, 0);
    assertThat(outcome(post.exhausted(1, 1)).status()).isEqualTo(503);
  }

  @Test
  void aPostToNothingIsNotFound() {
    WriteDecision post = post();
    for (int slot = 0; slot < 3; slot++) {
      post.answered(1, slot, vote(slot, 404));
    }
    post.exhausted(1, 0);
    post.exhausted(1, 1);
    assertThat(outcome(post.exhausted(1, 2)).status()).isEqualTo(404);
  }

  @Test
  void asksFurtherDevicesWhereOnlyASecondServerIsMissing() {
    put.answered(1, 0, onServer("a", 0));
    put.answered(1, 1, onServer("a", 1));
    put.failed(1, 2);
    assertThat(put.answered(1, 2, onServer("a", 2))).containsExactly(new Effect.Ask(2));
    assertThat(put.failed(1, 2)).containsExactly(new Effect.Ask(2));
    assertThat(outcome(put.answered(1, 2, onServer("b", 3))).status()).isEqualTo(201);
  }

  @Test
  void isUnavailableWhereNobodyIsLeftOnASecondServer() {
    put.answered(1, 0, onServer("a", 0));
    put.answered(1, 1, onServer("a", 1));
    assertThat(put.answered(1, 2, onServer("a", 2))).containsExactly(new Effect.Ask(2));
    assertThat(outcome(put.exhausted(1, 2)).status()).isEqualTo(503);
  }

  private static Vote onServer(String server, int device) {
    return new Vote(new Voter("d" + device, server, false), 201, null);
  }

  /// Whatever devices answer, in whatever order: it ends, and success means enough copies with the
  /// last clock.
  @Property(tries = 2000)
  void neverClaimsSuccessThatIsNotDurable(
      @ForAll @IntRange(min = 1, max = 5) int replicas,
      @ForAll boolean delete,
      @ForAll @Size(min = 40, max = 40) List<@IntRange(max = 11) Integer> script) {
    DurabilityRule rule = DurabilityRule.of(WriteQuorum.MAJORITY, replicas, 2);
    WriteRules rules =
        new WriteRules(
            rule,
            Conflicts.OUTBID,
            delete ? Missing.COUNTS_AS_DONE : Missing.ANSWER,
            delete ? 204 : 201,
            3);
    WriteRun run = new WriteRun(rules, script, replicas * 2);

    Outcome outcome = run.play();

    if (outcome.isSuccess()) {
      assertThat(rule.holds(run.acknowledged())).isTrue();
    }
  }

  private static WriteDecision post() {
    return new WriteDecision(new WriteRules(THREE, Conflicts.OUTBID, Missing.ASK_ANOTHER, 202, 3));
  }

  static Outcome outcome(List<Effect> effects) {
    assertThat(effects).hasSize(1).first().isInstanceOf(Effect.Finish.class);
    return ((Effect.Finish) effects.getFirst()).outcome();
  }

  private static Vote conflict(int device, long stored) {
    return new Vote(new Voter("d" + device, "s" + device, false), 409, Timestamp.ofTicks(stored));
  }

  private static Vote vote(int device, int status) {
    return new Vote(new Voter("d" + device, "s" + device, false), status, null);
  }
}
