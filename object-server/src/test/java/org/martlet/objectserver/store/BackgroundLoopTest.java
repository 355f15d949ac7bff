package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackgroundLoopTest {
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final AtomicInteger turns = new AtomicInteger();
  private final Semaphore done = new Semaphore(0);
  private BackgroundLoop loop = loop(NEVER);

  private BackgroundLoop loop(Duration interval) {
    return new BackgroundLoop(
        "test",
        interval,
        () -> {
          turns.incrementAndGet();
          done.release();
        });
  }

  @AfterEach
  void end() {
    loop.stop();
  }

  private boolean turnsBegin(int count) throws InterruptedException {
    return done.tryAcquire(count, LONG.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void worksAgainAndAgainAfterEachInterval() throws InterruptedException {
    loop = loop(Duration.ofMillis(1));
    loop.start();
    assertThat(turnsBegin(3)).isTrue();
  }

  @Test
  void worksAtOnceWhenAskedTo() throws InterruptedException {
    loop.start();
    loop.wake();
    assertThat(turnsBegin(1)).isTrue();
    loop.wake();
    assertThat(turnsBegin(1)).isTrue();
    assertThat(turns).hasValue(2);
  }

  @Test
  void aWishDuringATurnIsNotForgotten() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    loop =
        new BackgroundLoop(
            "test",
            NEVER,
            () -> {
              begun.countDown();
              await(goOn);
              done.release();
            });
    loop.start();
    loop.wake();
    await(begun);
    loop.wake();
    goOn.countDown();
    assertThat(turnsBegin(2)).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void endsWithoutAnotherTurnOnceStopped() throws InterruptedException {
    loop.start();
    loop.wake();
    loop.stop();
    assertThat(loop.isStopped()).isTrue();
    assertThat(loop.join(LONG)).isTrue();
    assertThat(turns).hasValueLessThan(2);
  }

  @Test
  void stoppedBeforeItsStartItDoesNothing() throws InterruptedException {
    loop.stop();
    loop.wake();
    loop.start();
    assertThat(loop.join(LONG)).isTrue();
    assertThat(turns).hasValue(0);
  }

  @Test
  void isStillThereWhileATurnIsUnderWay() throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    loop =
        new BackgroundLoop(
            "test",
            NEVER,
            () -> {
              done.release();
              await(goOn);
            });
    loop.start();
    loop.wake();
    assertThat(turnsBegin(1)).isTrue();
    loop.stop();
    assertThat(loop.join(Duration.ofMillis(1))).isFalse();
    goOn.countDown();
    assertThat(loop.join(LONG)).isTrue();
  }
}
