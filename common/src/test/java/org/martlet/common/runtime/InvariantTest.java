package org.martlet.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InvariantTest {
  @Test
  void throwsAnErrorThatSaysWhatDoesNotHold() {
    assertThatCode(() -> Invariant.check(true, "never")).doesNotThrowAnyException();
    assertThatThrownBy(() -> Invariant.check(1 > 2, "%d is above %d", 1, 2))
        .isInstanceOf(BrokenInvariant.class)
        .hasMessage("1 is above 2");
  }

  @Test
  void stopsTheProcessForAnErrorButNotForAnException() {
    AtomicInteger stops = new AtomicInteger();
    FatalErrors fatal = new FatalErrors(stops::incrementAndGet);

    fatal.uncaughtException(Thread.currentThread(), new IOException("expected in this test"));
    assertThat(stops).hasValue(0);
    fatal.uncaughtException(Thread.currentThread(), new BrokenInvariant("expected in this test"));
    assertThat(stops).hasValue(1);
  }
}
