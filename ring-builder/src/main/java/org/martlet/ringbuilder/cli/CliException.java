package org.martlet.ringbuilder.cli;

/// Ends a command with one line for the operator.
final class CliException extends Exception {
  private static final long serialVersionUID = 1;

  CliException(String line) {
    super(line);
  }
}
