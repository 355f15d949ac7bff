package org.martlet.common.config;

import java.util.ArrayList;
import java.util.List;

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

  void problem(String path, String message) {
    problems.add(
        new ConfigProblem(lines.lineOf(path), path.isEmpty() ? message : path + " " + message));
  }
}
