package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CompactionPolicyTest {
  private static final Map<Integer, Long> SEALED = Map.of(1, 1000L, 2, 1000L, 3, 1000L);

  private final CompactionPolicy policy = new CompactionPolicy(0.5);

  private OptionalInt choose(Map<Integer, Long> live, boolean low, Integer... excluded) {
    return choose(live, new CompactionPolicy.Space(low, Long.MAX_VALUE), excluded);
  }

  private OptionalInt choose(
      Map<Integer, Long> needed, CompactionPolicy.Space space, Integer... excluded) {
    return policy.choose(
        SEALED, volume -> needed.getOrDefault(volume, 0L), space, Set.of(excluded)::contains);
  }

  @Test
  void takesTheVolumeWithTheMostGarbage() {
    assertThat(choose(Map.of(1, 400L, 2, 300L, 3, 350L), false)).hasValue(2);
  }

  @Test
  void takesTheOldestOfEquals() {
    assertThat(choose(Map.of(1, 900L, 2, 300L, 3, 300L), false)).hasValue(2);
  }

  @Test
  void leavesVolumesAloneThatAreMostlyOfUse() {
    assertThat(choose(Map.of(1, 501L, 2, 800L, 3, 1000L), false)).isEmpty();
  }

  @Test
  void isContentWithLessGarbageWhereSpaceIsShort() {
    assertThat(choose(Map.of(1, 950L, 2, 800L, 3, 1000L), true)).hasValue(2);
    assertThat(choose(Map.of(1, 950L, 2, 950L, 3, 950L), true)).isEmpty();
  }

  @Test
  void passesOverWhatIsExcluded() {
    assertThat(choose(Map.of(1, 400L, 2, 300L, 3, 350L), false, 2, 3)).hasValue(1);
  }

  @Test
  void beginsNoVolumeThatHasNoRoomToBeFinished() {
    Map<Integer, Long> needed = Map.of(1, 400L, 2, 300L, 3, 350L);
    assertThat(choose(needed, new CompactionPolicy.Space(true, 299))).isEmpty();
    assertThat(choose(needed, new CompactionPolicy.Space(true, 300))).hasValue(2);
  }

  @Test
  void aVolumeOfNoUseNeedsNoRoomToBeRemoved() {
    assertThat(choose(Map.of(1, 400L, 3, 350L), new CompactionPolicy.Space(true, Long.MIN_VALUE)))
        .hasValue(2);
  }

  @Test
  void refusesAShareThatIsNone() {
    assertThatThrownBy(() -> new CompactionPolicy(0)).hasMessageContaining("0..1: 0.0");
    assertThatThrownBy(() -> new CompactionPolicy(1.5)).hasMessageContaining("0..1: 1.5");
  }
}
