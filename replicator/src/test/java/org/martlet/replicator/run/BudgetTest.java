package org.martlet.replicator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private static final Instant BEGIN = Instant.ofEpochSecond(1_700_000_000);

  private Instant now = BEGIN;
  private double share = 1;
  private final List<Runnable> whileSleeping = new ArrayList<>();

  private Budget budget(long bytes, long requests) {
    return new Budget(
        bytes,
        requests,
        () -> share,
        () -> now,
        duration -> {
          now = now.plus(duration);
          whileSleeping.forEach(Runnable::run);
        });
  }

  private double secondsPassed() {
    return Duration.between(BEGIN, now).toNanos() / 1e9;
  }

  @Test
  void keepsTheRateOverTime() throws ReplicaFault {
    Budget budget = budget(1_000_000, 0);
    for (int i = 0; i < 1000; i++) {
      budget.takeBytes(10_000);
    }
    assertThat(secondsPassed()).isBetween(9.8, 10.0);
  }

  @Test
  void letsAnItemLargerThanItsBurstPassAndPaysForItAfterwards() throws ReplicaFault {
    Budget budget = budget(1_000_000, 0);
    budget.takeBytes(5_000_000);
    assertThat(secondsPassed()).isZero();
    budget.takeBytes(1);
    assertThat(secondsPassed()).isBetween(4.8, 5.0);
  }

  @Test
  void whatHasComeIsPaidForByTheNextOne() throws ReplicaFault {
    Budget budget = budget(1_000_000, 0);
    budget.owe(2_000_000);
    assertThat(secondsPassed()).isZero();
    budget.takeBytes(1);
    assertThat(secondsPassed()).isBetween(1.8, 2.0);
  }

  @Test
  void doesNotSaveUpWhatWasNotUsed() throws ReplicaFault {
    Budget budget = budget(0, 100);
    now = now.plusSeconds(3600);
    Instant idleUntil = now;
    for (int i = 0; i < 110; i++) {
      budget.takeRequest();
    }
    assertThat(Duration.between(idleUntil, now)).isBetween(millis(950), millis(1100));
  }

  @Test
  void aClockThatStepsBringsAtMostOneSecondsWorthAndNeverHangs() throws ReplicaFault {
    Budget budget = budget(0, 100);
    for (int i = 0; i < 10; i++) {
      budget.takeRequest();
    }
    now = now.minusSeconds(3600);
    Instant stepped = now;
    for (int i = 0; i < 100; i++) {
      budget.takeRequest();
    }
    assertThat(Duration.between(stepped, now)).isBetween(millis(900), millis(1100));
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  @Test
  void zeroIsNoLimit() throws ReplicaFault {
    Budget budget = budget(0, 0);
    for (int i = 0; i < 100; i++) {
      budget.takeRequest();
      budget.takeBytes(1L << 40);
    }
    assertThat(secondsPassed()).isZero();
  }

  @Test
  void whoCameFirstGoesFirst() throws Exception {
    CountDownLatch asleep = new CountDownLatch(1);
    CountDownLatch wake = new CountDownLatch(1);
    AtomicReference<Instant> time = new AtomicReference<>(BEGIN);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    Budget budget =
        new Budget(
            0,
            10,
            () -> 1,
            time::get,
            duration -> {
              order.add(Thread.currentThread().getName());
              asleep.countDown();
              wake.await();
              time.updateAndGet(t -> t.plus(duration));
            });
    budget.takeRequest();
    List<Thread> threads = new ArrayList<>();
    for (String name : List.of("first", "second", "third", "fourth")) {
      threads.add(Thread.ofPlatform().name(name).start(() -> take(budget)));
      asleep.await();
      while (threads.size() > 1 && threads.getLast().getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    wake.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(order.stream().distinct()).containsExactly("first", "second", "third", "fourth");
  }

  private static void take(Budget budget) {
    try {
      budget.takeRequest();
    } catch (ReplicaFault e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void besideClientsOnlyAShareIsThere() throws ReplicaFault {
    Budget budget = budget(1_000_000, 0);
    share = 0.1;
    List<Budget.Waiting> seen = new ArrayList<>();
    whileSleeping.add(() -> seen.add(budget.waiting()));
    for (int i = 0; i < 100; i++) {
      budget.takeBytes(10_000);
    }
    assertThat(secondsPassed()).isBetween(9.0, 10.0);
    assertThat(seen).containsOnly(Budget.Waiting.FOR_CLIENTS);
  }

  @Test
  void toAskForTheShareIsNoLookAtTheClients() throws ReplicaFault {
    AtomicInteger looks = new AtomicInteger();
    Budget budget =
        new Budget(
            1000, 0, () -> looks.incrementAndGet() == 1 ? 0.25 : 1, () -> now, duration -> {});
    assertThat(budget.lastShare()).isEqualTo(1);
    budget.takeBytes(1);
    assertThat(budget.lastShare()).isEqualTo(0.25);
    assertThat(budget.lastShare()).isEqualTo(0.25);
    assertThat(looks).hasValue(1);
  }

  @Test
  void whoWaitsForClientsGoesOnAtTheFullRateWhenTheyAreGone() throws ReplicaFault {
    Budget budget = budget(1_000_000, 0);
    share = 0.01;
    budget.takeBytes(1_000_000);
    whileSleeping.add(() -> share = secondsPassed() >= 2 ? 1 : share);
    budget.takeBytes(1);
    assertThat(secondsPassed()).isBetween(2.5, 3.2);
  }

  @Test
  void nobodyPassesWhileItIsPausedAndSaysWhy() throws ReplicaFault {
    Budget budget = budget(0, 0);
    budget.pause();
    List<Budget.Waiting> seen = new ArrayList<>();
    whileSleeping.add(
        () -> {
          seen.add(budget.waiting());
          if (secondsPassed() >= 60) {
            budget.resume();
          }
        });
    budget.takeRequest();
    assertThat(secondsPassed()).isGreaterThanOrEqualTo(60);
    assertThat(seen.getFirst()).isEqualTo(Budget.Waiting.PAUSED);
    assertThat(budget.waiting()).isEqualTo(Budget.Waiting.NOT);
  }

  @Test
  void stoppingEndsAWaitWithAFaultAndLetsNobodyPassLater() {
    Budget budget = budget(1, 0);
    budget.owe(1_000_000);
    whileSleeping.add(budget::stop);
    assertThatThrownBy(() -> budget.takeBytes(1))
        .isInstanceOfSatisfying(
            ReplicaFault.class,
            fault -> assertThat(fault.kind()).isEqualTo(ReplicaFault.Kind.STOPPED));
    assertThatThrownBy(budget::takeRequest).isInstanceOf(ReplicaFault.class);
  }
}
