package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Refused;
import org.martlet.common.model.ByteSize;

class BodyBudgetTest {
  private static final String A = "device a";
  private static final String B = "device b";
  private static final String C = "device c";

  private static BodyBudget budget(Duration maxWait) {
    return new BodyBudget(new ByteSize(100), 2, maxWait);
  }

  private static void assertRefused(CompletableFuture<?> taken) {
    assertThatThrownBy(() -> taken.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(Refused.class);
  }

  @Test
  void givesMemoryInTurn() {
    BodyBudget budget = budget(Duration.ofHours(1));
    assertThat(budget.take(A, 90)).isCompleted();
    CompletableFuture<?> large = budget.take(A, 50);
    CompletableFuture<?> small = budget.take(A, 5);
    assertThat(large).isNotDone();
    assertThat(small).as("no overtaking, or the large one would starve").isNotDone();

    budget.release(A, 90);
    assertThat(large).isCompleted();
    assertThat(small).isCompleted();
    assertThat(budget.left()).isEqualTo(45);
  }

  @Test
  void refusesWhatCanNeverFit() {
    assertRefused(budget(Duration.ofHours(1)).take(A, 101));
  }

  @Test
  void refusesWhenTooManyWait() {
    BodyBudget budget = budget(Duration.ofHours(1));
    assertThat(budget.take(A, 100)).isCompleted();
    CompletableFuture<?> first = budget.take(A, 1);
    CompletableFuture<?> second = budget.take(A, 1);

    assertRefused(budget.take(A, 1));
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
  }

  @Test
  void refusesWhoWaitedTooLongAndLetsTheNextGoOn() throws Exception {
    BodyBudget budget = budget(Duration.ofMillis(20));
    assertThat(budget.take(A, 60)).isCompleted();
    CompletableFuture<?> large = budget.take(B, 50);

    assertRefused(large);
    budget.take(C, 40).get(10, TimeUnit.SECONDS);
    budget.release(A, 60);
    budget.release(C, 40);
    assertThat(budget.left()).isEqualTo(100);
  }

  @Test
  void leavesMemoryForOthersWhenADeviceTakesAllItCan() {
    BodyBudget budget = budget(Duration.ofHours(1));
    while (budget.take(A, 1).isDone()) {
      assertThat(budget.left()).isPositive();
    }
    assertThat(budget.left()).as("two thirds are the device's").isEqualTo(34);
    while (budget.take(B, 1).isDone()) {
      assertThat(budget.left()).isPositive();
    }
    assertThat(budget.take(C, 5)).as("who waits for a share stops nobody").isCompleted();
  }

  @Test
  void givesADeviceItsShareAgainAsOthersGiveTheirsBack() {
    BodyBudget budget = budget(Duration.ofHours(1));
    assertThat(budget.take(B, 60)).isCompleted();
    assertThat(budget.take(A, 20)).isCompleted();
    CompletableFuture<?> more = budget.take(A, 10);
    assertThat(more).isNotDone();
    budget.release(B, 60);
    assertThat(more).isCompleted();
    budget.release(A, 30);
    assertThat(budget.left()).isEqualTo(100);
  }

  @Test
  void givesADeviceThatHoldsNothingABodyOfAnySizeThatFits() {
    BodyBudget budget = budget(Duration.ofHours(1));
    assertThat(budget.take(A, 100)).isCompleted();
  }
}
