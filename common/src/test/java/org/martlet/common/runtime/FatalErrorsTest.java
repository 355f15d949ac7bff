package org.martlet.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FatalErrorsTest {
  private final AtomicInteger stops = new AtomicInteger();
  private final FatalErrors errors = new FatalErrors(stops::incrementAndGet);

  private static Throwable broken() {
    return catchThrowable(() -> Invariant.check(false, "as told"));
  }

  @Test
  void stopsTheProcessWhereItIsBroken() {
    errors.uncaughtException(Thread.currentThread(), broken());
    errors.uncaughtException(Thread.currentThread(), new OutOfMemoryError("as told"));
    errors.uncaughtException(Thread.currentThread(), new NoClassDefFoundError("as told"));
    errors.uncaughtException(Thread.currentThread(), new CompletionException(broken()));

    assertThat(stops).hasValue(4);
  }

  @Test
  void goesOnAfterWhatConcernsOneThreadAlone() {
    errors.uncaughtException(Thread.currentThread(), new IllegalStateException("as told"));
    errors.uncaughtException(Thread.currentThread(), new StackOverflowError("as told"));
    errors.uncaughtException(Thread.currentThread(), new AssertionError("as told"));

    assertThat(stops).hasValue(0);
  }

  @Test
  void hearsOfWhatAFutureCaught() throws InterruptedException {
    CompletableFuture<Void> caught = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () ->
                CompletableFuture.runAsync(() -> Invariant.check(false, "as told"), Runnable::run)
                    .whenComplete(
                        (done, failure) -> {
                          FatalErrors.passOn(failure);
                          caught.complete(null);
                        }));
    thread.setUncaughtExceptionHandler(errors);
    thread.start();
    thread.join();

    assertThat(caught).isCompleted();
    assertThat(stops).hasValue(1);
  }

  @Test
  void leavesOtherFailuresToTheirCallers() {
    FatalErrors.passOn(new IllegalStateException("as told"));

    assertThat(stops).hasValue(0);
  }
}
