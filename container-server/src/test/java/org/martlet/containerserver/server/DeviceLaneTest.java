package org.martlet.containerserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Work for a device waits within bounds, also while the device hangs.
class DeviceLaneTest {
  private final AtomicLong nanos = new AtomicLong();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch hang = new CountDownLatch(1);
  private final DeviceLane lane =
      new DeviceLane(
          "d1",
          1,
          2,
          Duration.ofSeconds(2),
          new Ticker() {
            @Override
            public long read() {
              return nanos.get();
            }
          });

  @AfterEach
  void close() {
    hang.countDown();
    lane.close(Duration.ofSeconds(10));
  }

  private CompletableFuture<String> hangs() throws Exception {
    CompletableFuture<String> future =
        lane.call(
            () -> {
              begun.countDown();
              hang.await(20, TimeUnit.SECONDS);
              return CompletableFuture.completedFuture("done");
            });
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    return future;
  }

  private CompletableFuture<String> work(String result) {
    return lane.call(() -> CompletableFuture.completedFuture(result));
  }

  private static void assertBusy(CompletableFuture<?> future) {
    assertThatThrownBy(() -> future.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.status()).isEqualTo(503));
  }

  @Test
  void moreThanTheQueueHoldsIsRefusedAtOnce() throws Exception {
    CompletableFuture<String> hanging = hangs();
    CompletableFuture<String> first = work("first");
    CompletableFuture<String> second = work("second");
    assertBusy(work("third"));
    assertThat(lane.depth()).isEqualTo(2);
    hang.countDown();
    assertThat(hanging.get(20, TimeUnit.SECONDS)).isEqualTo("done");
    assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("first");
    assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("second");
  }

  @Test
  void whatWaitsTooLongIsRefusedWhileTheDeviceStillHangs() throws Exception {
    hangs();
    CompletableFuture<String> waiting = work("waiting");
    lane.refuseOverdue();
    assertThat(waiting).isNotDone();
    nanos.set(Duration.ofSeconds(3).toNanos());
    lane.refuseOverdue();
    assertBusy(waiting);
  }

  @Test
  void workThatGoesOnIsNotRefusedAndGoesFirst() throws Exception {
    hangs();
    CompletableFuture<String> waiting = work("waiting");
    CompletableFuture<Boolean> resumed = lane.resume(() -> !waiting.isDone());
    hang.countDown();
    assertThat(resumed.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("waiting");
  }

  @Test
  void aClosedLaneRefuses() {
    lane.close(Duration.ofSeconds(10));
    assertBusy(work("late"));
    assertBusy(lane.resume(() -> "late"));
  }

  @Test
  void aTaskThatThrowsFailsItsFutureOnly() throws Exception {
    CompletableFuture<String> failing =
        lane.call(
            () -> {
              throw new IllegalStateException("no");
            });
    assertThatThrownBy(() -> failing.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(IllegalStateException.class);
    assertThat(work("next").get(20, TimeUnit.SECONDS)).isEqualTo("next");
  }
}
