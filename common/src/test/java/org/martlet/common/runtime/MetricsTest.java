package org.martlet.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void showsMetersAndTheJvmAsPrometheusText() {
    try (Metrics metrics = new Metrics().withJvm()) {
      metrics.registry().counter("martlet.puts", "device", "sda").increment(3);

      assertThat(metrics.scrape())
          .contains("martlet_puts_total{device=\"sda\"} 3.0")
          .contains("jvm_memory_used_bytes");
    }
  }
}
