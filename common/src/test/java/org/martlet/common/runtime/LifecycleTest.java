package org.martlet.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private final Queue<String> events = new ConcurrentLinkedQueue<>();
  private final Lifecycle lifecycle = new Lifecycle();

  private void add(String name) {
    lifecycle.add(name, () -> events.add("+" + name), () -> events.add("-" + name), SOON);
  }

  @Test
  void stopsInTheReverseOrderOfStartingAndOnlyOnce() throws Exception {
    add("store");
    add("http");
    lifecycle.start();

    assertThat(lifecycle.stop()).isEmpty();
    assertThat(lifecycle.stop()).isEmpty();
    assertThat(events).containsExactly("+store", "+http", "-http", "-store");
  }

  @Test
  void stopsWhatItStartedIfAPartFails() {
    add("store");
    lifecycle.add(
        "http",
        () -> {
          throw new IOException("the port is busy");
        },
        () -> events.add("-http"),
        SOON);
    add("late");

    assertThatThrownBy(lifecycle::start)
        .isInstanceOf(Lifecycle.StartFailure.class)
        .hasMessage("http did not start: the port is busy");
    assertThat(events).containsExactly("+store", "-store");
  }

  @Test
  void goesOnWhenAPartHangsOrFails() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    add("store");
    lifecycle.onStop("hung", never::await, Duration.ofMillis(5));
    lifecycle.onStop(
        "broken",
        () -> {
          throw new IOException("no");
        },
        SOON);
    lifecycle.start();

    assertThat(lifecycle.stop()).isEqualTo(List.of("broken", "hung"));
    assertThat(events).containsExactly("+store", "-store");
    never.countDown();
  }
}
