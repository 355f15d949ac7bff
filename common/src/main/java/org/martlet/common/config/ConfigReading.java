package org.martlet.common.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one reading of a file collects: problems, the keys that were asked for, and the tables that
/// must have no others.
final class ConfigReading {
  private final LineIndex lines;
  final List<ConfigProblem> problems = new ArrayList<>();
  final List<ConfigEntry> entries = new ArrayList<>();
  final List<ConfigTable> finished = new ArrayList<>();

  /// By path, those that took the place of what the file says.
  private final Map<String, String> variables;

  ConfigReading(LineIndex lines, Map<String, String> variables) {
    this.lines = lines;
    this.variables = variables;
  }

  /// A record refused its values.
  void refusal(String path, @Nullable String message) {
    String where = path.isEmpty() ? "" : "[" + path + "]: ";
    problems.add(new ConfigProblem(lines.lineOf(path), where + message));
  }

  void problem(String path, String message) {
    String variable = variables.get(path);
    if (variable != null) {
      problems.add(new ConfigProblem(0, path + ", set by " + variable + ", " + message));
      return;
    }
    problems.add(
        new ConfigProblem(lines.lineOf(path), path.isEmpty() ? message : path + " " + message));
  }
}
