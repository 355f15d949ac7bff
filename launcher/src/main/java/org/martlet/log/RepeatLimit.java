package org.martlet.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/// Lets only so many warnings and errors alike through in an interval, and tells of the others in
/// one line when it is over. Alike are those of one logger whose message is the same before values
/// are put into it.
///
/// - Bound: [#MAX_KINDS] kinds are told apart; while there are more, those are let through.
/// - Threads: any; [#tell] is to be called every few seconds.
final class RepeatLimit extends TurboFilter {
  static final int MAX_KINDS = 1024;

  private static final String MORE = "{} more like this in the last {} s: {}";

  private record Kind(Logger logger, String format) {}

  private static final class Window {
    final Level level;
    final long began;
    int passed;
    long held;

    Window(Level level, long began) {
      this.level = level;
      this.began = began;
    }
  }

  private record Summary(Kind kind, Level level, long held, long seconds) {
    void log() {
      Object[] values = {held, seconds, kind.format};
      if (level.isGreaterOrEqual(Level.ERROR)) {
        kind.logger.error(MORE, values);
      } else {
        kind.logger.warn(MORE, values);
      }
    }
  }

  private final LongSupplier nanos;
  private final Map<Kind, Window> windows = new HashMap<>();
  private LogConfig.Repeats limits;

  /// @param nanos a clock that never goes back
  RepeatLimit(LogConfig.Repeats limits, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
  }

  synchronized void set(LogConfig.Repeats other) {
    limits = other;
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] params,
      @Nullable Throwable t) {
    // Without a message it is only asked whether the level is on.
    if (format == null || !level.isGreaterOrEqual(Level.WARN) || MORE.equals(format)) {
      return FilterReply.NEUTRAL;
    }
    if (!level.isGreaterOrEqual(logger.getEffectiveLevel())) {
      return FilterReply.NEUTRAL;
    }
    return passes(new Kind(logger, format), level) ? FilterReply.NEUTRAL : FilterReply.DENY;
  }

  private boolean passes(Kind kind, Level level) {
    @Nullable Summary over;
    boolean passes;
    synchronized (this) {
      if (limits.lines() == 0) {
        return true;
      }
      long now = nanos.getAsLong();
      over = end(kind, now);
      Window window = windows.get(kind);
      if (window == null) {
        if (windows.size() >= MAX_KINDS) {
          return true;
        }
        window = new Window(level, now);
        windows.put(kind, window);
      }
      passes = window.passed < limits.lines();
      if (passes) {
        window.passed++;
      } else {
        window.held++;
      }
    }
    if (over != null) {
      over.log();
    }
    return passes;
  }

  /// Ends the kind's window if its time is over.
  private @Nullable Summary end(Kind kind, long now) {
    Window window = windows.get(kind);
    if (window == null || now - window.began < limits.interval().toNanos()) {
      return null;
    }
    windows.remove(kind);
    long seconds = Duration.ofNanos(now - window.began).toSeconds();
    return window.held == 0 ? null : new Summary(kind, window.level, window.held, seconds);
  }

  /// Writes the lines that are due for what was held back.
  void tell() {
    List<Summary> due = new ArrayList<>();
    synchronized (this) {
      long now = nanos.getAsLong();
      for (Kind kind : List.copyOf(windows.keySet())) {
        Summary summary = end(kind, now);
        if (summary != null) {
          due.add(summary);
        }
      }
    }
    due.forEach(Summary::log);
  }
}
