package org.martlet.objectserver.server;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that stands until it is moved.
public final class TestClock implements InstantSource {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.ofEpochSecond(1_700_000_000));

  @Override
  public Instant instant() {
    return now.get();
  }

  /// A ticker that moves with it.
  public Ticker ticker() {
    return new Ticker() {
      @Override
      public long read() {
        Duration since = Duration.between(Instant.EPOCH, instant());
        return since.toNanos();
      }
    };
  }

  public void advance(Duration by) {
    now.updateAndGet(instant -> instant.plus(by));
  }
}
