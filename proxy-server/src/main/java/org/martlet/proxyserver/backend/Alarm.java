package org.martlet.proxyserver.backend;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// Lets one thread wait for a result and be told when a moment has passed.
///
/// The waiter looks at the clock every [#SLICE] rather than being woken when the alarm is set:
/// almost always the result comes first, and a wake-up costs more than the alarm is worth. So an
/// alarm may ring up to that much late.
final class Alarm {
  static final Duration SLICE = Duration.ofMillis(50);
  private static final long OFF = Long.MAX_VALUE;

  private final long origin = System.nanoTime();
  private final AtomicLong ringsAt = new AtomicLong(OFF);

  /// Any thread; replaces what was set before.
  void in(Duration delay) {
    ringsAt.set(elapsed() + delay.toNanos());
  }

  private long elapsed() {
    return System.nanoTime() - origin;
  }

  /// Blocks until the result is there; calls `onRing` on this thread each time that the alarm has
  /// rung.
  <T> T await(CompletableFuture<T> result, Runnable onRing)
      throws InterruptedException, ExecutionException {
    while (true) {
      long due = ringsAt.get();
      long wait = Math.min(SLICE.toNanos(), Math.max(0, due - elapsed()));
      try {
        return result.get(wait, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        // Who sets it anew meanwhile is not to be overheard.
        if (elapsed() >= due && ringsAt.compareAndSet(due, OFF)) {
          onRing.run();
        }
      }
    }
  }
}
