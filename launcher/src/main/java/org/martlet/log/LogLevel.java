package org.martlet.log;

import ch.qos.logback.classic.Level;
import java.util.Locale;
import java.util.regex.Pattern;

/// From which importance on events are written.
public enum LogLevel {
  OFF,
  ERROR,
  WARN,
  INFO,
  DEBUG,
  TRACE;

  private static final Pattern LOGGER = Pattern.compile("[A-Za-z0-9_.$]{1,200}");

  Level level() {
    return switch (this) {
      case OFF -> Level.OFF;
      case ERROR -> Level.ERROR;
      case WARN -> Level.WARN;
      case INFO -> Level.INFO;
      case DEBUG -> Level.DEBUG;
      case TRACE -> Level.TRACE;
    };
  }

  static LogLevel of(Level level) {
    for (LogLevel known : values()) {
      if (known.level().equals(level)) {
        return known;
      }
    }
    throw new IllegalArgumentException("a level that no configuration sets: " + level);
  }

  /// @throws IllegalArgumentException naming what there is
  public static LogLevel parse(String name) {
    for (LogLevel level : values()) {
      if (level.toString().equals(name)) {
        return level;
      }
    }
    throw new IllegalArgumentException(
        "there is no level \"" + name + "\"; known are off, error, warn, info, debug and trace");
  }

  /// @throws IllegalArgumentException if it can be no logger's name
  public static String logger(String name) {
    if (!LOGGER.matcher(name).matches()) {
      throw new IllegalArgumentException("\"" + name + "\" is no name of a logger");
    }
    return name;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
