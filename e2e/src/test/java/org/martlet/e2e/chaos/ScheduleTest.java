package org.martlet.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Set<FaultKind.Need> ALL = EnumSet.allOf(FaultKind.Need.class);

  @Test
  void theSameSeedGivesTheSameRounds() {
    for (int round = 0; round < 20; round++) {
      assertThat(new Schedule(7, 5, ALL).round(round, 30_000))
          .isEqualTo(new Schedule(7, 5, ALL).round(round, 30_000));
    }
    assertThat(new Schedule(7, 5, ALL).round(1, 30_000))
        .isNotEqualTo(new Schedule(8, 5, ALL).round(1, 30_000));
  }

  @Test
  void aRoundLosesCopiesOnceAtMostAndLast() {
    for (int seed = 0; seed < 200; seed++) {
      List<Step> steps = new Schedule(seed, 5, ALL).round(seed, 30_000);
      List<Step> lossy =
          steps.stream()
              .filter(s -> s.faults().stream().anyMatch(f -> f.kind().isLossy()))
              .toList();
      assertThat(lossy).hasSizeLessThanOrEqualTo(1);
      lossy.forEach(step -> assertThat(steps.getLast()).isSameAs(step));
      assertThat(steps.stream().flatMap(s -> s.faults().stream()))
          .filteredOn(fault -> fault.kind() == FaultKind.RING)
          .hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void noNodeHasTwoFaultsAtATime() {
    for (int seed = 0; seed < 200; seed++) {
      for (Step step : new Schedule(seed, 5, ALL).round(0, 30_000)) {
        assertThat(step.faults()).extracting(Fault::node).doesNotHaveDuplicates();
        assertThat(step.grade()).isEqualTo(step.faults().size() > 1 ? Grade.MANY : Grade.ONE);
      }
    }
  }

  @Test
  void everyKindComesSoonerOrLater() {
    Set<FaultKind> seen = new HashSet<>();
    for (int round = 0; round < 20; round++) {
      new Schedule(1, 5, ALL)
          .round(round, 30_000)
          .forEach(step -> step.faults().forEach(fault -> seen.add(fault.kind())));
    }
    assertThat(seen).containsExactlyInAnyOrder(FaultKind.values());
  }

  @Test
  void withoutMeansThereAreOnlyKindsThatNeedNone() {
    assertThat(new Schedule(1, 5, Set.of()).kinds())
        .containsExactly(FaultKind.KILL, FaultKind.RESTART, FaultKind.FREEZE, FaultKind.PROXY);
  }
}
