package org.martlet.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.martlet.common.config.ConfigTable;

/// The table `[log]` of `cluster.toml`.
///
/// @param level of all loggers that have none of their own
/// @param levels of loggers by name; a name is also that of all below it
/// @param format of an event
/// @param file where events go; to standard output if there is none
/// @param storageAccess whether storage servers write a line for each request
/// @param repeats how many warnings and errors alike are written
public record LogConfig(
    LogLevel level,
    Map<String, LogLevel> levels,
    Format format,
    Optional<Path> file,
    boolean storageAccess,
    Repeats repeats) {
  public static final LogConfig DEFAULT =
      new LogConfig(LogLevel.INFO, Map.of(), Format.TEXT, Optional.empty(), true, Repeats.DEFAULT);

  /// How an event looks.
  public enum Format {
    /// For people.
    TEXT,
    /// An object a line.
    JSON
  }

  /// @param lines of one kind that are written in an interval; 0 for all of them
  /// @param interval after which the others are told in one line
  public record Repeats(int lines, Duration interval) {
    public static final Repeats DEFAULT = new Repeats(10, Duration.ofSeconds(30));

    public Repeats {
      if (!interval.isPositive()) {
        throw new IllegalArgumentException("repeat_interval is not positive");
      }
    }
  }

  public static LogConfig read(ConfigTable table) {
    return new LogConfig(
        table.choice("level", DEFAULT.level),
        levels(table.texts("levels", List.of())),
        table.choice("format", DEFAULT.format),
        table.optionalPath("file"),
        table.bool("storage_access", DEFAULT.storageAccess),
        new Repeats(
            table.integer("repeat_lines", Repeats.DEFAULT.lines, 0, 1_000_000),
            table.duration("repeat_interval", Repeats.DEFAULT.interval)));
  }

  private static Map<String, LogLevel> levels(List<String> lines) {
    Map<String, LogLevel> levels = new LinkedHashMap<>();
    for (String line : lines) {
      int equals = line.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "levels has \"" + line + "\": it must be of the form \"logger = level\"");
      }
      levels.put(
          LogLevel.logger(line.substring(0, equals).strip()),
          LogLevel.parse(line.substring(equals + 1).strip()));
    }
    return Map.copyOf(levels);
  }
}
