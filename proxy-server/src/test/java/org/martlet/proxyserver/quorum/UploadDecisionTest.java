package org.martlet.proxyserver.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.martlet.proxyserver.quorum.WriteDecisionTest.outcome;

import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.quorum.Vote.Voter;
import org.martlet.proxyserver.quorum.WriteRules.Conflicts;
import org.martlet.proxyserver.quorum.WriteRules.Missing;

class UploadDecisionTest {
  private static final DurabilityRule THREE = DurabilityRule.of(WriteQuorum.MAJORITY, 3, 3);

  private final UploadDecision upload =
      new UploadDecision(new WriteRules(THREE, Conflicts.OUTBID, Missing.ANSWER, 201, 3));

  @Test
  void beginsWhenAllConsent() {
    consent(0);
    assertThat(consent(1)).containsExactly(new Effect.Grace());
    assertThat(consent(2)).containsExactly(new Effect.Begin(Set.of(0, 1, 2)));
  }

  @Test
  void beginsWithoutTheOneThatIsSlowToConsent() {
    consent(0);
    consent(2);
    assertThat(upload.graceOver(1)).containsExactly(new Effect.Begin(Set.of(0, 2)));
    assertThat(consent(1)).isEmpty();
  }

  @Test
  void replacesWhoRefusesAsFullBeforeTheBody() {
    assertThat(upload.answered(1, 0, vote(0, 507))).containsExactly(new Effect.Ask(0));
    assertThat(upload.failed(1, 1)).containsExactly(new Effect.Ask(1));
  }

  @Test
  void isUnavailableBeforeTheBodyWhenTooFewConsent() {
    consent(0);
    upload.exhausted(1, 1);
    List<Effect> effects = upload.exhausted(1, 2);
    assertThat(effects).containsExactly(new Effect.Finish(Effect.Outcome.UNAVAILABLE, true));
  }

  @Test
  void outbidsBeforeTheBody() {
    consent(0);
    assertThat(upload.answered(1, 1, conflict(1, 80))).containsExactly(new Effect.Grace());
    assertThat(consent(2)).containsExactly(new Effect.Repeat(Timestamp.ofTicks(80)));
    assertThat(upload.consented(1, 0, voter(0))).isEmpty();
    assertThat(upload.round()).isEqualTo(2);
  }

  @Test
  void oneThatHasTheObjectRefusesACreationForAll() {
    consent(0);
    Vote exists = vote(1, 412);
    assertThat(upload.answered(1, 1, exists))
        .containsExactly(new Effect.Finish(new Effect.Outcome(412, exists), true));
  }

  @Test
  void goesOnWithoutADeviceThatBreaksOffAsLongAsAQuorumIsLeft() {
    beginAll();
    assertThat(upload.failed(1, 0)).isEmpty();
    assertThat(upload.failed(1, 1))
        .containsExactly(new Effect.Finish(Effect.Outcome.UNAVAILABLE, true));
  }

  @Test
  void dropsASlowDeviceOnlyWhileAQuorumIsLeft() {
    beginAll();
    assertThat(upload.stalled(1, Set.of(2))).containsExactly(new Effect.Drop(2));
    assertThat(upload.stalled(1, Set.of(1))).isEmpty();
  }

  @Test
  void dropsNobodyWhileAllStandStillTogether() {
    beginAll();
    assertThat(upload.stalled(1, Set.of(0, 1, 2))).isEmpty();
    assertThat(upload.stalled(1, Set.of(1, 2))).isEmpty();
    assertThat(upload.stalled(1, Set.of(1))).containsExactly(new Effect.Drop(1));
  }

  @Test
  void isUnavailableWhenThoseThatStandStillAreNeededAndStuck() {
    beginAll();
    assertThat(upload.stuck(1, Set.of())).isEmpty();
    assertThat(upload.stuck(1, Set.of(1, 2)))
        .containsExactly(new Effect.Finish(Effect.Outcome.UNAVAILABLE, true));
  }

  @Test
  void goesOnWithoutAStuckDeviceThatIsNotNeeded() {
    beginAll();
    assertThat(upload.stuck(1, Set.of(1))).containsExactly(new Effect.Drop(1));
  }

  @Test
  void othersMayTakeThePlaceOfSilentDevicesUntilAQuorumConsented() {
    consent(0);
    assertThat(upload.silent(1)).containsExactly(1, 2);
    consent(1);
    assertThat(upload.silent(1)).isEmpty();
  }

  @Test
  void makesRoomForADeviceOnASecondServerBeforeTheBody() {
    upload.consented(1, 0, new Voter("d0", "a", false));
    upload.consented(1, 1, new Voter("d1", "a", false));
    upload.failed(1, 2);
    assertThat(upload.consented(1, 2, new Voter("d2", "a", true))).hasSize(1);
    List<Effect> begin = upload.consented(1, 2, new Voter("d3", "b", true));
    assertThat(begin).containsExactly(new Effect.Begin(Set.of(0, 1, 2)));
  }

  @Test
  void isUnavailableBeforeTheBodyWhereNobodyIsLeftOnASecondServer() {
    upload.consented(1, 0, new Voter("d0", "a", false));
    upload.consented(1, 1, new Voter("d1", "a", false));
    assertThat(upload.consented(1, 2, new Voter("d2", "a", true)))
        .containsExactly(new Effect.Ask(2));
    assertThat(outcome(upload.exhausted(1, 2)).status()).isEqualTo(503);
  }

  @Test
  void aConflictAtTheEndCounts() {
    beginAll();
    upload.bodyEnded();
    upload.answered(1, 0, vote(0, 201));
    assertThat(upload.answered(1, 1, conflict(1, 80))).containsExactly(new Effect.Grace());
    assertThat(outcome(upload.graceOver(1)).status()).isEqualTo(201);
  }

  @Test
  void successBeforeTheEndOfTheBodyIsNone() {
    beginAll();
    assertThat(upload.answered(1, 0, vote(0, 201))).isEmpty();
    assertThat(outcome(upload.answered(1, 1, vote(1, 201))).status()).isEqualTo(503);
  }

  @Test
  void whatAQuorumRefusesIsRefused() {
    beginAll();
    upload.bodyEnded();
    upload.answered(1, 0, vote(0, 422));
    upload.answered(1, 1, vote(1, 422));
    assertThat(outcome(upload.answered(1, 2, vote(2, 201))).status()).isEqualTo(422);
  }

  @Test
  void oneCopyIsNotEnough() {
    beginAll();
    upload.bodyEnded();
    upload.answered(1, 0, vote(0, 201));
    upload.failed(1, 1);
    assertThat(outcome(upload.failed(1, 2)).status()).isEqualTo(503);
  }

  /// Whatever devices do, in whatever order: it ends, and success means enough complete bodies.
  @Property(tries = 3000)
  void neverClaimsSuccessThatIsNotDurable(
      @ForAll @IntRange(min = 1, max = 5) int replicas,
      @ForAll @Size(min = 40, max = 40) List<@IntRange(max = 9) Integer> script) {
    DurabilityRule rule = DurabilityRule.of(WriteQuorum.MAJORITY, replicas, 2);
    UploadRun run =
        new UploadRun(
            new WriteRules(rule, Conflicts.OUTBID, Missing.ANSWER, 201, 3), script, replicas * 2);

    Effect.Outcome outcome = run.play();

    if (outcome.isSuccess()) {
      assertThat(rule.holds(run.complete())).isTrue();
    }
  }

  private void beginAll() {
    consent(0);
    consent(1);
    consent(2);
  }

  private List<Effect> consent(int slot) {
    return upload.consented(upload.round(), slot, voter(slot));
  }

  private static Voter voter(int device) {
    return new Voter("d" + device, "s" + device, false);
  }

  private static Vote vote(int device, int status) {
    return new Vote(voter(device), status, null);
  }

  private static Vote conflict(int device, long stored) {
    return new Vote(voter(device), 409, Timestamp.ofTicks(stored));
  }
}
