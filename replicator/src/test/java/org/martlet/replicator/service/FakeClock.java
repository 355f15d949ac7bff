package org.martlet.replicator.service;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that a test moves.
final class FakeClock implements InstantSource {
  private Instant now;

  FakeClock(long seconds) {
    this.now = Instant.ofEpochSecond(seconds);
  }

  void advance(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
