package org.martlet.common.config;

/// A text that no log and no message shows.
public record Secret(String reveal) {
  @Override
  public String toString() {
    return "(hidden)";
  }
}
