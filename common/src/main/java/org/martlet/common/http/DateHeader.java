package org.martlet.common.http;

import java.time.Instant;
import java.time.InstantSource;

/// The `Date` of answers, formatted once a second.
///
/// - Threads: any.
final class DateHeader {
  private final InstantSource clock;
  private volatile Formatted last = new Formatted(Long.MIN_VALUE, "");

  private record Formatted(long second, String text) {}

  DateHeader(InstantSource clock) {
    this.clock = clock;
  }

  String now() {
    Instant now = clock.instant();
    Formatted cached = last;
    if (cached.second != now.getEpochSecond()) {
      cached = new Formatted(now.getEpochSecond(), HttpDate.format(now.getEpochSecond()));
      last = cached;
    }
    return cached.text;
  }
}
