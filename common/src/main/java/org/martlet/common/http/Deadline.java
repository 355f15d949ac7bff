package org.martlet.common.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One moment at which something is too late, moved often and reached rarely.
///
/// Moving it later costs nothing: the task on the loop's timer finds out when it runs.
///
/// - Threads: the loop.
final class Deadline {
  private final EventExecutor loop;
  private final Runnable expired;
  private boolean armed;
  private long at;
  private long checkAt;
  private @Nullable ScheduledFuture<?> check;

  Deadline(EventExecutor loop, Runnable expired) {
    this.loop = loop;
    this.expired = expired;
  }

  void in(Duration delay) {
    armed = true;
    at = now() + delay.toNanos();
    if (check != null && at - checkAt < 0) {
      check.cancel(false);
      check = null;
    }
    if (check == null) {
      schedule();
    }
  }

  void clear() {
    armed = false;
  }

  /// Takes the task off the timer; the last call.
  void cancel() {
    armed = false;
    if (check != null) {
      check.cancel(false);
      check = null;
    }
  }

  private void schedule() {
    checkAt = at;
    check = loop.schedule(this::check, at - now(), TimeUnit.NANOSECONDS);
  }

  private void check() {
    check = null;
    if (!armed) {
      return;
    }
    if (at - now() > 0) {
      schedule();
      return;
    }
    armed = false;
    expired.run();
  }

  private long now() {
    return loop.ticker().nanoTime();
  }
}
