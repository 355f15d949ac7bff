package org.martlet.common.runtime;

import java.time.InstantSource;
import java.util.TreeSet;
import org.martlet.common.model.Timestamp;

/// Issues timestamps from a clock, and never the same one twice.
///
/// [#next] only goes forward, also if the clock goes back. [#nextAfter] may go ahead of the clock,
/// to pass what another proxy wrote; that must not drag everything else into the future with it, so
/// what was issued ahead is remembered and skipped when the clock gets there.
///
/// Threads: any.
public final class TimestampSource {
  /// So near the clock that going forward there at once does no harm: 10 ms.
  private static final long NEAR_TICKS = Timestamp.TICKS_PER_SECOND / 100;

  private static final int AHEAD_MAX = 100_000;

  private final InstantSource clock;
  private final TreeSet<Long> ahead = new TreeSet<>();
  private long last;

  public TimestampSource(InstantSource clock) {
    this.clock = clock;
  }

  /// The present, or the first moment after the last one from here.
  public synchronized Timestamp next() {
    return Timestamp.ofTicks(forward(0));
  }

  /// The present, or the first free moment after another timestamp if that is later.
  public synchronized Timestamp nextAfter(Timestamp other) {
    long now = Math.max(Timestamp.of(clock.instant()).ticks(), last + 1);
    long wanted = other.ticks() + 1;
    if (wanted - now <= NEAR_TICKS || ahead.size() >= AHEAD_MAX) {
      return Timestamp.ofTicks(forward(wanted));
    }
    while (!ahead.add(wanted)) {
      wanted++;
    }
    return Timestamp.ofTicks(wanted);
  }

  private long forward(long atLeast) {
    long ticks = Math.max(atLeast, Math.max(Timestamp.of(clock.instant()).ticks(), last + 1));
    while (ahead.contains(ticks)) {
      ticks++;
    }
    ahead.headSet(ticks).clear();
    last = ticks;
    return ticks;
  }
}
