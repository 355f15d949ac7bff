package org.martlet.common.http;

import java.time.Duration;

/// How long a client waits.
///
/// @param connect for a connection to be made
/// @param response from the last byte sent (or the head, where 100 is awaited) to the answer's head
/// @param idle between two pieces of a body, in either direction
public record Timeouts(Duration connect, Duration response, Duration idle) {
  public Timeouts {
    if (!connect.isPositive() || !response.isPositive() || !idle.isPositive()) {
      throw new IllegalArgumentException("a timeout is not positive");
    }
  }
}
