package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.ByteSize;

class BodyBudgetTest {
  private static BodyBudget budget(Duration maxWait) {
    return new BodyBudget(new ByteSize(100), 2, maxWait);
  }

  private static void assertRefused(CompletableFuture<?> taken) {
    assertThatThrownBy(() -> taken.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(Refused.class);
  }

  @Test
  void givesMemoryInTurn() {
    BodyBudget budget = budget(Duration.ofHours(1));
    assertThat(budget.take(90)).isCompleted();
    CompletableFuture<?> large = budget.take(50);
    CompletableFuture<?> small = budget.take(5);
    assertThat(large).isNotDone();
    assertThat(small).as("no overtaking, or the large one would starve").isNotDone();

    budget.release(90);
    assertThat(large).isCompleted();
    assertThat(small).isCompleted();
    assertThat(budget.left()).isEqualTo(45);
  }

  @Test
  void refusesWhatCanNeverFit() {
    assertRefused(budget(Duration.ofHours(1)).take(101));
  }

  @Test
  void refusesWhenTooManyWait() {
    BodyBudget budget = budget(Duration.ofHours(1));
    assertThat(budget.take(100)).isCompleted();
    CompletableFuture<?> first = budget.take(1);
    CompletableFuture<?> second = budget.take(1);

    assertRefused(budget.take(1));
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
  }

  @Test
  void refusesWhoWaitedTooLongAndLetsTheNextGoOn() throws Exception {
    BodyBudget budget = budget(Duration.ofMillis(20));
    assertThat(budget.take(60)).isCompleted();
    CompletableFuture<?> large = budget.take(50);

    assertRefused(large);
    budget.take(40).get(10, TimeUnit.SECONDS);
    budget.release(100);
    assertThat(budget.left()).isEqualTo(100);
  }
}
