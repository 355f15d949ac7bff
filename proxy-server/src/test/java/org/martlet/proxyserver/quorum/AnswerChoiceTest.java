package org.martlet.proxyserver.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.quorum.Vote.Voter;

class AnswerChoiceTest {
  private static final DurabilityRule THREE = DurabilityRule.of(WriteQuorum.MAJORITY, 3, 3);

  @Test
  void theFirstClassWithAQuorumGivesItsHighestStatus() {
    assertThat(choose(201, 202, 404)).isEqualTo(202);
    assertThat(choose(404, 404, 201)).isEqualTo(404);
    assertThat(choose(404, 409, 201)).isEqualTo(409);
    assertThat(choose(201, 404, 503)).isEqualTo(503);
    assertThat(choose(201, 201)).isEqualTo(201);
    assertThat(choose(507, 507, 507)).isEqualTo(503);
  }

  @Test
  void missingCountsForADeleteOnlyWhereThereIsNoQuorumOtherwise() {
    assertThat(chooseForDelete(204, 404)).isEqualTo(204);
    assertThat(chooseForDelete(404, 404, 204)).isEqualTo(404);
    assertThat(chooseForDelete(404, 503, 503)).isEqualTo(503);
    assertThat(chooseForDelete(204, 503, 503)).isEqualTo(503);
  }

  @Test
  void aHandoffThatNeverHeardOfItSaysNothing() {
    List<Vote> votes = List.of(vote(0, 404), vote(1, 404, true, null), vote(2, 404, true, null));

    assertThat(AnswerChoice.choose(votes, THREE)).isEmpty();
    assertThat(
            AnswerChoice.choose(
                List.of(vote(0, 404), vote(1, 404, true, Timestamp.ofTicks(5))), THREE))
        .hasValueSatisfying(vote -> assertThat(vote.status()).isEqualTo(404));
  }

  @Test
  void successOnOneServerIsNotEnoughWhereTheRingHasTwo() {
    List<Vote> sameServer =
        List.of(
            new Vote(new Voter("a/1", "a", false), 201, null),
            new Vote(new Voter("a/2", "a", false), 201, null));

    assertThat(AnswerChoice.choose(sameServer, THREE)).isEmpty();
    assertThat(AnswerChoice.choose(sameServer, DurabilityRule.of(WriteQuorum.MAJORITY, 3, 1)))
        .isPresent();
    assertThat(AnswerChoice.choose(sameServer, DurabilityRule.of(WriteQuorum.SWIFT, 3, 3)))
        .isPresent();
  }

  @Test
  void quorumsAreAsSwiftCountsThemOrMoreThanHalf() {
    assertThat(List.of(1, 2, 3, 4, 5, 6).stream().map(WriteQuorum.SWIFT::of))
        .containsExactly(1, 1, 2, 2, 3, 3);
    assertThat(List.of(1, 2, 3, 4, 5, 6).stream().map(WriteQuorum.MAJORITY::of))
        .containsExactly(1, 2, 2, 3, 3, 4);
    assertThatThrownBy(() -> new DurabilityRule(3, 4, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void anyTwoMajoritiesShareADevice(@ForAll @IntRange(min = 1, max = 50) int replicas) {
    assertThat(2 * WriteQuorum.MAJORITY.of(replicas)).isGreaterThan(replicas);
  }

  @Property
  void oneDeviceThatAnswersOftenCountsOnce(
      @ForAll @IntRange(min = 2, max = 7) int replicas,
      @ForAll @IntRange(min = 1, max = 9) int times) {
    List<Voter> again = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      again.add(new Voter("one", "server", false));
    }
    assertThat(DurabilityRule.of(WriteQuorum.MAJORITY, replicas, 1).holds(again)).isFalse();
  }

  @Property
  void theChosenStatusBelongsToAClassWithAQuorum(
      @ForAll @Size(max = 7) List<@IntRange(min = 200, max = 599) Integer> statuses) {
    int replicas = Math.max(1, statuses.size());
    DurabilityRule rule = DurabilityRule.of(WriteQuorum.MAJORITY, replicas, replicas);
    List<Vote> votes = new ArrayList<>();
    statuses.forEach(status -> votes.add(vote(votes.size(), status)));

    AnswerChoice.choose(votes, rule)
        .ifPresent(
            chosen -> {
              assertThat(chosen.statusClass()).isBetween(2, 4);
              assertThat(votes.stream().filter(v -> v.statusClass() == chosen.statusClass()))
                  .hasSizeGreaterThanOrEqualTo(rule.quorum())
                  .allMatch(v -> v.status() <= chosen.status());
            });
  }

  private static int choose(int... statuses) {
    return AnswerChoice.choose(votes(statuses), THREE).map(Vote::status).orElse(503);
  }

  private static int chooseForDelete(int... statuses) {
    return AnswerChoice.chooseForDelete(votes(statuses), THREE).map(Vote::status).orElse(503);
  }

  private static List<Vote> votes(int... statuses) {
    List<Vote> votes = new ArrayList<>();
    for (int status : statuses) {
      votes.add(vote(votes.size(), status));
    }
    return votes;
  }

  private static Vote vote(int device, int status) {
    return vote(device, status, false, null);
  }

  private static Vote vote(int device, int status, boolean handoff, Timestamp stored) {
    return new Vote(new Voter("d" + device, "s" + device, handoff), status, stored);
  }
}
