package org.martlet.ringbuilder.cli;

/// Swift's exit codes.
final class ExitCode {
  static final int SUCCESS = 0;
  static final int WARNING = 1;
  static final int ERROR = 2;

  private ExitCode() {}
}
