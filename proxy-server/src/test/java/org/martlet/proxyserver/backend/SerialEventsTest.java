package org.martlet.proxyserver.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialEventsTest {
  private final SerialEvents events = new SerialEvents();
  private final List<String> ran = new ArrayList<>();

  @Test
  void anEventBroughtByAnotherRunsAfterIt() {
    events.run(
        () -> {
          events.run(() -> ran.add("second"));
          ran.add("first");
        });
    assertThat(ran).containsExactly("first", "second");
  }

  @Test
  void anEventThatThrowsKeepsNoOtherFromRunning() {
    OutOfMemoryError error = new OutOfMemoryError("of a test");
    assertThatThrownBy(
            () ->
                events.run(
                    () -> {
                      events.run(() -> ran.add("waiting"));
                      throw error;
                    }))
        .isSameAs(error);
    events.run(() -> ran.add("later"));
    assertThat(ran).containsExactly("waiting", "later");
  }
}
