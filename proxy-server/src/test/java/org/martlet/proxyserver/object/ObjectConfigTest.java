package org.martlet.proxyserver.object;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.ByteSize;

class ObjectConfigTest {
  @Test
  void theShortestHedgingDelayIsNotLongerThanTheLongest() {
    assertThatThrownBy(
            () ->
                new ObjectConfig(
                    ByteSize.ofKiB(64),
                    ByteSize.ofKiB(512),
                    Duration.ofSeconds(3),
                    4,
                    Duration.ofMillis(501),
                    Duration.ofMillis(500)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hedge_min");
  }
}
