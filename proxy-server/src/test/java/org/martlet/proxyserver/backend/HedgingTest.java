package org.martlet.proxyserver.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HedgingTest {
  private final Hedging hedging = new Hedging(Duration.ofMillis(1), Duration.ofMillis(500));

  @Test
  void theDelayFollowsThe95thPercentile() {
    Random random = new Random(7);
    for (int i = 0; i < 50_000; i++) {
      hedging.observe(random.nextLong(Duration.ofMillis(100).toNanos()));
    }
    assertThat(hedging.delay()).isBetween(Duration.ofMillis(80), Duration.ofMillis(110));
  }

  @Test
  void theDelayStaysWithinItsBounds() {
    for (int i = 0; i < 10_000; i++) {
      hedging.observe(1);
    }
    assertThat(hedging.delay()).isEqualTo(Duration.ofMillis(1));
    for (int i = 0; i < 10_000; i++) {
      hedging.observe(Long.MAX_VALUE);
    }
    assertThat(hedging.delay()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void extraRequestsAreAFewPercentOfAll() {
    int extra = 0;
    for (int i = 0; i < 10_000; i++) {
      hedging.observe(1);
      extra += hedging.takeBudget() ? 1 : 0;
    }
    assertThat(extra).isBetween(400, 520);
    assertThat(hedging.sent()).isEqualTo(extra);
    assertThat(hedging.denied()).isEqualTo(10_000 - extra);
  }
}
