package org.martlet.common.http;

import java.time.Duration;

/// How long a server waits for its clients.
///
/// @param head from a request's first byte to the end of its head
/// @param idle for the next request on an open connection
/// @param body between two pieces of a body, in either direction
/// @param drain for requests in flight when the server stops
public record ServerTimeouts(Duration head, Duration idle, Duration body, Duration drain) {
  public static final ServerTimeouts DEFAULT =
      new ServerTimeouts(
          Duration.ofSeconds(30),
          Duration.ofSeconds(75),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10));

  public ServerTimeouts {
    if (!head.isPositive() || !idle.isPositive() || !body.isPositive() || drain.isNegative()) {
      throw new IllegalArgumentException("a server timeout is not positive");
    }
  }
}
