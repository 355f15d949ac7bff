package org.martlet.common.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one reading of a file collects: problems, the keys that were asked for, and the tables that
/// must have no others.
final class ConfigReading {
  final LineIndex lines;
  final List<ConfigProblem> problems = new ArrayList<>();
  final List<ConfigEntry> entries = new ArrayList<>();
  final List<ConfigTable> finished = new ArrayList<>();

  ConfigReading(LineIndex lines) {
    this.lines = lines;
  }

  /// A record refused its values.
  void refusal(String path, @Nullable String message) {
    String where = path.isEmpty() ? "" : "[" + path + "]: ";
    problems.add(new ConfigProblem(lines.lineOf(path), where + message));
  }

  void problem(String path, String message) {
    problems.add(
        new ConfigProblem(lines.lineOf(path), path.isEmpty() ? message : path + " " + message));
  }
}
