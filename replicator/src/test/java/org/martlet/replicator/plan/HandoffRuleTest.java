package org.martlet.replicator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.RecordClocks;
import org.martlet.common.replication.RecordEntry;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.plan.HandoffDecision.Reason;

class HandoffRuleTest {
  private static final ObjectHash HASH = new ObjectHash(1, 1);
  private static final Ring RING = ring();
  private static final DeviceId SELF = new DeviceId(3);
  private static final List<DeviceId> PRIMARIES =
      List.of(new DeviceId(0), new DeviceId(1), new DeviceId(2));
  private static final HandoffRule RULE =
      new HandoffRule(RING, SELF, Timestamp.ZERO, hash -> false);
  private static final ModelState PUT = ModelState.put(5, 1, 1);

  private static Ring ring() {
    List<RingDevice> devices = List.of(device(0), device(1), device(2), device(3));
    return Ring.of(1, devices, new int[][] {{0, 3}, {1, 3}, {2, 3}}, 1);
  }

  private static RingDevice device(int id) {
    return RingDevice.of(new DeviceId(id), 1, id, "10.0.0." + id, 6200, "d" + id, 1);
  }

  private static HandoffCopy copy(ModelState state) {
    return new HandoffCopy(new RecordEntry(HASH, state.clocks(), 7), OptionalLong.of(7), false);
  }

  private static Map<DeviceId, PrimaryReport> all(PrimaryReport report) {
    Map<DeviceId, PrimaryReport> reports = new HashMap<>();
    PRIMARIES.forEach(primary -> reports.put(primary, report));
    return reports;
  }

  private static Map<DeviceId, PrimaryReport> allBut(PrimaryReport report, PrimaryReport ofTwo) {
    Map<DeviceId, PrimaryReport> reports = all(report);
    reports.put(new DeviceId(2), ofTwo);
    return reports;
  }

  private static PrimaryReport holds(ModelState state) {
    return new PrimaryReport.Holds(state.clocks());
  }

  /// What a primary said.
  private enum Answer {
    LACKS,
    LISTED,
    MERGED,
    MERGED_EARLIER,
    NOT_PRIMARY,
    NONE
  }

  /// @param had what the primary had before it merged ours, where it did
  private record Primary(Answer answer, ModelState had) {
    ModelState has(ModelState ours) {
      return answer == Answer.MERGED ? had.merge(ours) : had;
    }

    /// Whether it may count as one that has ours.
    boolean vouches(ModelState ours) {
      return switch (answer) {
        case LISTED, MERGED, MERGED_EARLIER -> has(ours).contains(ours);
        case LACKS, NOT_PRIMARY, NONE -> false;
      };
    }

    Optional<PrimaryReport> report(ModelState ours) {
      RecordClocks clocks = has(ours).clocks();
      return switch (answer) {
        case LACKS -> Optional.of(new PrimaryReport.Lacks());
        case LISTED -> Optional.of(new PrimaryReport.Holds(clocks));
        case MERGED -> Optional.of(new PrimaryReport.Merged(7, clocks));
        case MERGED_EARLIER -> Optional.of(new PrimaryReport.Merged(6, clocks));
        case NOT_PRIMARY -> Optional.of(new PrimaryReport.NotPrimary());
        case NONE -> Optional.empty();
      };
    }
  }

  @Property(tries = 2000)
  void neverDropsWhileOnePrimaryLacksTheState(
      @ForAll("states") ModelState ours, @ForAll("primaries") List<Primary> primaries) {
    Map<DeviceId, PrimaryReport> reports = new HashMap<>();
    for (int n = 0; n < 3; n++) {
      DeviceId id = PRIMARIES.get(n);
      primaries.get(n).report(ours).ifPresent(report -> reports.put(id, report));
    }
    boolean dropped = RULE.decide(copy(ours), reports) instanceof HandoffDecision.Drop;
    boolean allHaveIt = primaries.stream().allMatch(primary -> primary.vouches(ours));
    Statistics.label("dropped").collect(dropped);
    assertThat(allHaveIt || !dropped).isTrue();
  }

  @Property(tries = 1000)
  void pushingWhatItSaysLeadsToADropWhereverItBegan(
      @ForAll("states") ModelState ours, @ForAll("three") List<ModelState> theirs) {
    Map<DeviceId, ModelReplica> primaries = new HashMap<>();
    Map<DeviceId, PrimaryReport> reports = new HashMap<>();
    for (int n = 0; n < 3; n++) {
      boolean empty = theirs.get(n).data().timestamp().ticks() == 1;
      Map<ObjectHash, ModelState> had = empty ? Map.of() : Map.of(HASH, theirs.get(n));
      primaries.put(PRIMARIES.get(n), ModelReplica.of(had));
      reports.put(PRIMARIES.get(n), empty ? new PrimaryReport.Lacks() : holds(theirs.get(n)));
    }
    HandoffCopy copy = copy(ours);
    if (RULE.decide(copy, reports) instanceof HandoffDecision.Push push) {
      push.to()
          .forEach(
              (id, content) ->
                  reports.put(id, primaries.get(id).receive(push.copy(), content, ours)));
    }
    assertThat(RULE.decide(copy, reports)).isEqualTo(new HandoffDecision.Drop(HASH, 7));
    assertThat(primaries.values()).allMatch(primary -> primary.contains(HASH, ours));
  }

  @Example
  void dropsWhatAllPrimariesHoldOrHoldNewer() {
    assertThat(RULE.decide(copy(PUT), allBut(holds(PUT), holds(ModelState.tombstone(9)))))
        .isEqualTo(new HandoffDecision.Drop(HASH, 7));
  }

  @Example
  void pushesToWhoLacksItAndToWhoMayLackAPartOfIt() {
    Map<DeviceId, PrimaryReport> reports = all(holds(PUT));
    reports.put(new DeviceId(1), new PrimaryReport.Lacks());
    reports.put(new DeviceId(2), holds(PUT.post(9, 2)));
    assertThat(RULE.decide(copy(PUT), reports))
        .isEqualTo(
            new HandoffDecision.Push(
                copy(PUT).listed(),
                Map.of(
                    new DeviceId(1), PushContent.STATE_AND_BODY,
                    new DeviceId(2), PushContent.STATE)));
  }

  @Example
  void waitsForAPrimaryThatIsSilentOrHasAnotherRing() {
    Map<DeviceId, PrimaryReport> reports = all(holds(PUT));
    reports.remove(new DeviceId(0));
    reports.put(new DeviceId(2), new PrimaryReport.NotPrimary());
    assertThat(RULE.decide(copy(PUT), reports))
        .isEqualTo(
            new HandoffDecision.Wait(
                HASH,
                List.of(
                    new Reason.NoReport(new DeviceId(0)),
                    new Reason.RingsDiffer(new DeviceId(2)))));
  }

  @Example
  void othersThanPrimariesDoNotCount() {
    Map<DeviceId, PrimaryReport> reports = all(holds(PUT));
    reports.put(SELF, holds(PUT));
    reports.remove(new DeviceId(1));
    assertThat(RULE.decide(copy(PUT), reports))
        .isEqualTo(new HandoffDecision.Wait(HASH, List.of(new Reason.NoReport(new DeviceId(1)))));
  }

  @Example
  void waitsUntilTheListingHasHeardOfIt() {
    HandoffCopy due = new HandoffCopy(copy(PUT).listed(), OptionalLong.of(7), true);
    assertThat(RULE.decide(due, all(holds(PUT))))
        .isEqualTo(new HandoffDecision.Wait(HASH, List.of(new Reason.ListingDue())));
  }

  @Example
  void listsAgainWhatHasChangedOrGone() {
    RecordEntry listed = copy(PUT).listed();
    for (OptionalLong now : List.of(OptionalLong.of(8), OptionalLong.empty())) {
      assertThat(RULE.decide(new HandoffCopy(listed, now, false), all(holds(PUT))))
          .isEqualTo(new HandoffDecision.ListAgain(HASH));
    }
  }

  @Example
  void anAnswerToAnEarlierPushIsNoProof() {
    ModelState posted = PUT.post(9, 2);
    PrimaryReport earlier = new PrimaryReport.Merged(6, PUT.clocks());
    assertThat(RULE.decide(copy(posted), allBut(holds(posted), earlier)))
        .isEqualTo(
            new HandoffDecision.Push(
                copy(posted).listed(), Map.of(new DeviceId(2), PushContent.STATE)));
  }

  @Example
  void anAnswerWithOlderClocksThanWerePushedIsNoProof() {
    PrimaryReport wrong = new PrimaryReport.Merged(7, ModelState.put(2, 1, 1).clocks());
    assertThat(RULE.decide(copy(PUT), allBut(holds(PUT), wrong)))
        .isInstanceOf(HandoffDecision.Push.class);
  }

  @Example
  void whatIsAPrimarysOwnIsNoHandoffCopy() {
    ObjectHash own = new ObjectHash(-1, 1);
    assertThat(RING.partition(own)).isEqualTo(new PartitionId(1));
    HandoffCopy copy =
        new HandoffCopy(new RecordEntry(own, PUT.clocks(), 7), OptionalLong.of(7), false);
    assertThat(RULE.decide(copy, Map.of())).isEqualTo(new HandoffDecision.BelongsHere(own));
  }

  @Example
  void holdsDataPastReclaimThatNoPrimaryKnows() {
    HandoffRule later = new HandoffRule(RING, SELF, Timestamp.ofTicks(6), hash -> false);
    assertThat(later.decide(copy(PUT), all(new PrimaryReport.Lacks())))
        .isEqualTo(new HandoffDecision.Hold(HASH));
    assertThat(later.decide(copy(PUT.post(6, 1)), all(new PrimaryReport.Lacks())))
        .as("a POST does not make it younger")
        .isEqualTo(new HandoffDecision.Hold(HASH));
    assertThat(later.decide(copy(ModelState.put(6, 1, 1)), all(new PrimaryReport.Lacks())))
        .isInstanceOf(HandoffDecision.Push.class);
    assertThat(later.decide(copy(PUT), allBut(new PrimaryReport.Lacks(), holds(PUT))))
        .isInstanceOf(HandoffDecision.Push.class);
    assertThat(later.decide(copy(ModelState.tombstone(5)), all(new PrimaryReport.Lacks())))
        .isInstanceOf(HandoffDecision.Push.class);
  }

  @Example
  void pushesDataPastReclaimThatNoPrimaryKnowsWhereARingMovedIt() {
    HandoffRule moved = new HandoffRule(RING, SELF, Timestamp.ofTicks(6), HASH::equals);
    assertThat(moved.decide(copy(PUT), all(new PrimaryReport.Lacks())))
        .isInstanceOf(HandoffDecision.Push.class);
  }

  @Example
  void doesNotBringBackDataPastReclaimWhereOnePrimaryStillKnowsThatItWasDeleted() {
    HandoffRule later = new HandoffRule(RING, SELF, Timestamp.ofTicks(6), hash -> false);
    Map<DeviceId, PrimaryReport> reports =
        allBut(new PrimaryReport.Lacks(), holds(ModelState.tombstone(9)));
    assertThat(later.decide(copy(PUT), reports)).isEqualTo(new HandoffDecision.Drop(HASH, 7));
    assertThat(RULE.decide(copy(PUT), reports)).isInstanceOf(HandoffDecision.Push.class);
  }

  @Example
  void pushesNothingPastReclaimBeforeEveryPrimaryWasAsked() {
    HandoffRule later = new HandoffRule(RING, SELF, Timestamp.ofTicks(6), hash -> false);
    Map<DeviceId, PrimaryReport> reports = all(new PrimaryReport.Lacks());
    reports.remove(new DeviceId(2));
    assertThat(later.decide(copy(PUT), reports))
        .isEqualTo(new HandoffDecision.Wait(HASH, List.of(new Reason.NoReport(new DeviceId(2)))));
  }

  @Example
  void aListingReportsOnCopiesAsFarAsItReaches() {
    HashRange range = new Leaf(0, 0).range();
    ObjectHash two = new ObjectHash(1, 2);
    ObjectHash beyond = new ObjectHash(1, 4);
    ModelReplica copies = ModelReplica.of(Map.of(HASH, PUT, two, PUT, beyond, PUT));
    ModelReplica primary = ModelReplica.of(Map.of(two, PUT, new ObjectHash(1, 3), PUT));
    assertThat(PrimaryReport.ofListing(copies.page(range, 10), primary.page(range, 2)))
        .isEqualTo(Map.of(HASH, new PrimaryReport.Lacks(), two, holds(PUT)));
  }

  @Provide
  Arbitrary<ModelState> states() {
    return ModelState.any();
  }

  @Provide
  Arbitrary<List<ModelState>> three() {
    return ModelState.any().list().ofSize(3);
  }

  @Provide
  Arbitrary<List<Primary>> primaries() {
    Answer[] answers = {
      Answer.MERGED,
      Answer.MERGED,
      Answer.LISTED,
      Answer.LISTED,
      Answer.LISTED,
      Answer.MERGED_EARLIER,
      Answer.LACKS,
      Answer.NOT_PRIMARY,
      Answer.NONE
    };
    return Combinators.combine(Arbitraries.of(answers), ModelState.any())
        .as(Primary::new)
        .list()
        .ofSize(3);
  }
}
