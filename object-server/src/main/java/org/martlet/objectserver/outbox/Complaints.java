package org.martlet.objectserver.outbox;

import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;

/// Logs what may go wrong again and again: at once, then at most once in a while, with how often
/// it did meanwhile.
///
/// Threads: any.
final class Complaints {
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Logger log;
  private final String what;
  private final InstantSource clock;
  private long quietUntil = Long.MIN_VALUE;
  private long unsaid;

  /// @param what goes wrong; the start of the line
  Complaints(Logger log, String what, InstantSource clock) {
    this.log = log;
    this.what = what;
    this.clock = clock;
  }

  void add(Throwable fault) {
    long before;
    synchronized (this) {
      long now = clock.millis();
      if (now < quietUntil) {
        unsaid++;
        return;
      }
      quietUntil = now + PAUSE.toMillis();
      before = unsaid;
      unsaid = 0;
    }
    log.warn("{} ({} times more since the last such line)", what, before, fault);
  }
}
