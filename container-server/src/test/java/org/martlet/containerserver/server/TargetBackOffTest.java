package org.martlet.containerserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Endpoint;

class TargetBackOffTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final AccountTarget TARGET =
      new AccountTarget(new Endpoint("127.0.0.1", 6202), "d7");

  private final TargetBackOff backOff = new TargetBackOff(Duration.ofSeconds(5));

  @Test
  void isLeftAloneLongerAfterEachFailureInARow() {
    assertThat(backOff.failed(TARGET, 0, SECOND)).isTrue();
    assertThat(backOff.isLeftAlone(TARGET, 5 * SECOND)).isTrue();
    assertThat(backOff.isLeftAlone(TARGET, 7 * SECOND)).isFalse();
    assertThat(backOff.failed(TARGET, 7 * SECOND, 8 * SECOND)).isFalse();
    assertThat(backOff.isLeftAlone(TARGET, 17 * SECOND)).isTrue();
    assertThat(backOff.isLeftAlone(TARGET, 19 * SECOND)).isFalse();
  }

  @Test
  void failuresThatBeganBeforeTheFirstWasNotedAreOneIncident() {
    assertThat(backOff.failed(TARGET, 0, 2 * SECOND)).isTrue();
    for (int device = 0; device < 12; device++) {
      assertThat(backOff.failed(TARGET, SECOND, 3 * SECOND)).isFalse();
    }
    assertThat(backOff.isLeftAlone(TARGET, 8 * SECOND)).isFalse();
  }

  @Test
  void aSuccessEndsIt() {
    backOff.failed(TARGET, 0, SECOND);
    backOff.succeeded(TARGET);
    assertThat(backOff.isLeftAlone(TARGET, 2 * SECOND)).isFalse();
  }
}
