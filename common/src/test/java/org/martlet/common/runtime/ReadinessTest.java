package org.martlet.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  @Test
  void aProcessIsReadyBetweenStartAndStop() {
    Readiness readiness = new Readiness();
    assertThat(readiness.whyNot()).singleElement().asString().startsWith("starting");
    readiness.started();
    assertThat(readiness.whyNot()).isEmpty();
    readiness.stopping();
    readiness.started();
    assertThat(readiness.whyNot()).singleElement().asString().startsWith("stopping");
  }

  @Test
  void eachPartThatCannotWorkIsAReason() {
    AtomicReference<Optional<String>> devices = new AtomicReference<>(Optional.of("no device"));
    Readiness readiness = new Readiness();
    readiness.add(devices::get);
    readiness.add(() -> Optional.of("no sun"));
    readiness.started();
    assertThat(readiness.whyNot()).containsExactly("no device", "no sun");
    devices.set(Optional.empty());
    assertThat(readiness.whyNot()).containsExactly("no sun");
  }
}
