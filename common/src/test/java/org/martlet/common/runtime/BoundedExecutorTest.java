package org.martlet.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.martlet.common.runtime.BoundedExecutor.Limits;

class BoundedExecutorTest {
  private final ManualClock clock = new ManualClock();
  private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final BoundedExecutor executor =
      new BoundedExecutor(
          new Limits(1, 2, Duration.ofSeconds(2)),
          ThreadNames.numbered("disk", (thread, e) -> uncaught.add(e)),
          clock);

  @AfterEach
  void close() {
    release.countDown();
    executor.close();
  }

  /// Makes the one thread busy until it is released.
  private void block() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    assertThat(
            executor.offer(
                () -> {
                  running.countDown();
                  await(release);
                }))
        .isEqualTo(Admission.ACCEPTED);
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void runsTasksInOrderOnNamedPlatformThreads() throws Exception {
    CompletableFuture<String> name = new CompletableFuture<>();
    List<Integer> order = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    block();
    executor.offer(() -> order.add(1));
    executor.offer(
        () -> {
          order.add(2);
          name.complete(Thread.currentThread().getName() + Thread.currentThread().isVirtual());
          done.countDown();
        });
    release.countDown();

    assertThat(name.get(10, TimeUnit.SECONDS)).isEqualTo("disk-1false");
    done.await();
    assertThat(order).containsExactly(1, 2);
  }

  @Test
  void refusesWhatFindsNoRoom() throws Exception {
    block();

    assertThat(executor.offer(() -> {})).isEqualTo(Admission.ACCEPTED);
    assertThat(executor.offer(() -> {})).isEqualTo(Admission.ACCEPTED);
    assertThat(executor.offer(() -> {})).isEqualTo(Admission.FULL);
    assertThat(executor.depth()).isEqualTo(2);
    assertThat(executor.running()).isEqualTo(1);
  }

  @Test
  void refusesWhatComesWhileTheHeadHasWaitedTooLong() throws Exception {
    block();
    assertThat(executor.oldestWait()).isZero();
    executor.offer(() -> {});
    clock.advance(Duration.ofSeconds(2));
    assertThat(executor.oldestWait()).isEqualTo(Duration.ofSeconds(2));
    assertThat(executor.offer(() -> {})).isEqualTo(Admission.ACCEPTED);
    clock.advance(Duration.ofMillis(1));

    assertThat(executor.offer(() -> {})).isEqualTo(Admission.STALLED);
  }

  @Test
  void goesOnAfterATaskThatThrows() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    executor.offer(
        () -> {
          throw new IllegalStateException("first");
        });
    executor.offer(done::countDown);

    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(uncaught).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void finishesWhatWaitsWhenItIsClosed() throws Exception {
    AtomicInteger ran = new AtomicInteger();
    block();
    executor.offer(ran::incrementAndGet);
    executor.offer(ran::incrementAndGet);
    release.countDown();

    assertThat(executor.close(Duration.ofSeconds(10))).isEmpty();
    assertThat(ran).hasValue(2);
    assertThat(executor.offer(() -> {})).isEqualTo(Admission.CLOSED);
  }

  @Test
  void givesBackWhatItHasNoTimeForWhenItIsClosed() throws Exception {
    Runnable waiting = () -> {};
    block();
    executor.offer(waiting);

    assertThat(executor.close(Duration.ofMillis(1))).containsExactly(waiting);
    assertThat(executor.depth()).isZero();
  }

  @Test
  void refusesBoundsThatAreNone() {
    assertThatThrownBy(() -> new Limits(0, 1, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limits(1, 0, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limits(1, 1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void runsEveryAcceptedTaskOnceUnderLoad() throws Exception {
    AtomicInteger ran = new AtomicInteger();
    AtomicInteger accepted = new AtomicInteger();
    BoundedExecutor busy =
        new BoundedExecutor(
            new Limits(2, 10, Duration.ofSeconds(100)),
            ThreadNames.numbered("busy", (thread, e) -> uncaught.add(e)),
            System::nanoTime);
    List<Thread> callers = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      callers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 2000; i++) {
                      if (busy.offer(ran::incrementAndGet) == Admission.ACCEPTED) {
                        accepted.incrementAndGet();
                      }
                    }
                  }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(busy.close(Duration.ofSeconds(10))).isEmpty();
    assertThat(ran.get()).isEqualTo(accepted.get()).isPositive();
  }
}
