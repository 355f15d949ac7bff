package org.martlet.common.config;

/// One thing that is wrong in a file.
///
/// @param line from 1; 0 if it is in no line, such as a key that is missing
/// @param message names the key and says what to do
public record ConfigProblem(int line, String message) {
  @Override
  public String toString() {
    return line > 0 ? "line " + line + ": " + message : message;
  }
}
