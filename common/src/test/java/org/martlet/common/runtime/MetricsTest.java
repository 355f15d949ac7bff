package org.martlet.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.martlet.common.runtime.BoundedExecutor.Limits;

class MetricsTest {
  @Test
  void showsMetersTheJvmAndQueuesAsPrometheusText() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (Metrics metrics = new Metrics().withJvm();
        BoundedExecutor executor =
            new BoundedExecutor(
                new Limits(1, 5, Duration.ofSeconds(1)),
                ThreadNames.numbered("t", (thread, e) -> {}),
                System::nanoTime)) {
      metrics.watch("sda reads", executor);
      metrics.registry().counter("martlet.puts", "device", "sda").increment(3);
      executor.offer(
          () -> {
            running.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      running.await();
      executor.offer(() -> {});

      assertThat(metrics.scrape())
          .contains("martlet_puts_total{device=\"sda\"} 3.0")
          .contains("martlet_executor_queued{executor=\"sda reads\"} 1.0")
          .contains("martlet_executor_running{executor=\"sda reads\"} 1.0")
          .contains("martlet_executor_oldest_wait_seconds{executor=\"sda reads\"}")
          .contains("jvm_memory_used_bytes");
      release.countDown();
    }
  }
}
