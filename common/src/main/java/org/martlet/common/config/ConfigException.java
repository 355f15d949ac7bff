package org.martlet.common.config;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// A configuration cannot be used. The message lists everything that is wrong, a line each, and is
/// meant for the operator as it is.
public final class ConfigException extends Exception {
  private final List<ConfigProblem> problems;

  ConfigException(String source, List<ConfigProblem> problems) {
    super(describe(source, problems));
    this.problems = List.copyOf(problems);
  }

  private static String describe(String source, List<ConfigProblem> problems) {
    if (problems.size() == 1) {
      return source + ": " + problems.getFirst();
    }
    return problems.stream()
        .sorted(Comparator.comparingInt(ConfigProblem::line))
        .map(problem -> "\n  " + problem)
        .collect(Collectors.joining("", source + " has " + problems.size() + " problems:", ""));
  }

  public List<ConfigProblem> problems() {
    return problems;
  }
}
