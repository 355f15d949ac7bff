package org.martlet.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Work for a device waits within bounds, also while the device hangs.
class DeviceLaneTest {
  private static final class Busy extends Exception {
    private static final long serialVersionUID = 1;
  }

  private static final Duration WAIT = Duration.ofSeconds(2);

  private final ManualClock clock = new ManualClock();
  private final CountDownLatch release = new CountDownLatch(1);
  private final DeviceLane lane =
      new DeviceLane("sda", new DeviceLane.Limits(1, 2, WAIT), clock, Busy::new);

  @AfterEach
  void end() {
    release.countDown();
    assertThat(lane.close(Duration.ofSeconds(10))).isTrue();
  }

  private String hang() {
    try {
      release.await();
      return "came back";
    } catch (InterruptedException e) {
      throw new AssertionError("threads of a device are never interrupted", e);
    }
  }

  /// Occupies the only thread, as a device that hangs would.
  private CompletableFuture<String> occupy() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<String> hanging =
        lane.call(
            () -> {
              begun.countDown();
              return hang();
            });
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    return hanging;
  }

  private static void assertBusy(CompletableFuture<?> refused) {
    assertThatThrownBy(() -> refused.get(10, TimeUnit.SECONDS)).cause().isInstanceOf(Busy.class);
  }

  @Test
  void runsCallsAndHandsOnWhatTheyGive() throws Exception {
    assertThat(lane.call(() -> 1).get(10, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(lane.callAsync(() -> CompletableFuture.completedFuture(2)).get(10, TimeUnit.SECONDS))
        .isEqualTo(2);
    CompletableFuture<Integer> failed =
        lane.resume(
            () -> {
              throw new IllegalStateException("as told");
            });
    assertThatThrownBy(() -> failed.get(10, TimeUnit.SECONDS)).hasMessageContaining("as told");
  }

  @Test
  void refusesAtOnceWhatFindsTheQueueFull() throws Exception {
    CompletableFuture<String> hanging = occupy();
    CompletableFuture<Integer> first = lane.call(() -> 1);
    CompletableFuture<Integer> second = lane.call(() -> 2);

    assertBusy(lane.call(() -> 3));
    release.countDown();
    assertThat(hanging.get(10, TimeUnit.SECONDS)).isEqualTo("came back");
    assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(2);
  }

  @Test
  void refusesWhatWaitsTooLongEvenWhileEveryThreadHangs() throws Exception {
    occupy();
    CompletableFuture<Integer> waiting = lane.call(() -> 1);
    clock.advance(WAIT);
    lane.refuseOverdue();
    assertThat(waiting).isNotDone();

    clock.advance(Duration.ofMillis(1));
    lane.refuseOverdue();
    assertBusy(waiting);
    assertThat(lane.depth()).isZero();
  }

  @Test
  void refusesWhatHasWaitedTooLongWhenItsTurnComes() throws Exception {
    occupy();
    CompletableFuture<Integer> waiting = lane.call(() -> 1);
    clock.advance(WAIT.plusMillis(1));

    release.countDown();
    assertBusy(waiting);
  }

  @Test
  void letsAdmittedWorkGoFirstAndNeverRefusesIt() throws Exception {
    occupy();
    List<String> order = new ArrayList<>();
    CompletableFuture<Boolean> fresh = lane.call(() -> order.add("new"));
    CompletableFuture<?> all = fresh;
    for (int i = 0; i < 10; i++) {
      all = CompletableFuture.allOf(all, lane.resume(() -> order.add("admitted")));
    }
    release.countDown();
    all.get(10, TimeUnit.SECONDS);

    assertThat(order).hasSize(11).endsWith("new");
  }

  @Test
  void finishesWhatWaitsWhenItCloses() throws Exception {
    occupy();
    CompletableFuture<Integer> waiting = lane.call(() -> 1);
    assertThat(lane.close(Duration.ofMillis(1))).isFalse();
    assertBusy(lane.call(() -> 2));

    release.countDown();
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(lane.close(Duration.ofSeconds(10))).isTrue();
    assertThat(lane.resume(() -> 3).get(10, TimeUnit.SECONDS)).isEqualTo(3);
  }
}
