package org.martlet.common.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UseGateTest {
  private final UseGate gate = new UseGate("db", null);

  @Test
  void letsNobodyInOnceItIsClosed() {
    gate.enter();
    gate.exit();

    assertThat(gate.close()).isTrue();
    assertThat(gate.close()).isFalse();
    assertThat(gate.tryEnter()).isFalse();
    assertThatThrownBy(gate::enter)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("it is closed: db");
  }

  @Test
  void waitsForThoseInside() throws Exception {
    gate.enter();
    CompletableFuture<Boolean> closing = new CompletableFuture<>();
    Thread closer = Thread.ofPlatform().start(() -> closing.complete(gate.close()));
    while (gate.tryEnter()) {
      gate.exit();
    }

    assertThat(closing).isNotDone();
    gate.exit();
    assertThat(closing.get(10, TimeUnit.SECONDS)).isTrue();
    closer.join();
  }

  @Test
  void isInsideItsParentToo() throws Exception {
    UseGate child = new UseGate("snapshot", gate);
    child.enter();
    CompletableFuture<Boolean> closing = new CompletableFuture<>();
    Thread closer = Thread.ofPlatform().start(() -> closing.complete(gate.close()));
    while (gate.tryEnter()) {
      gate.exit();
    }

    assertThat(closing).isNotDone();
    assertThat(child.tryEnter()).isFalse();
    child.exit();
    assertThat(closing.get(10, TimeUnit.SECONDS)).isTrue();
    closer.join();
    assertThat(child.close()).isTrue();
  }
}
