package org.martlet.common.http;

import java.time.Duration;

/// How long a server waits for its clients.
///
/// @param head from a request's first byte to the end of its head
/// @param idle for the next request on an open connection
/// @param body between two pieces of a body, in either direction
/// @param grace when the server stops: how long open connections are still served as ever, so that
///     no client loses a request that it is just sending
/// @param drain after that, for requests in flight
public record ServerTimeouts(
    Duration head, Duration idle, Duration body, Duration grace, Duration drain) {
  /// No grace: for ports that nobody depends on.
  public static final ServerTimeouts DEFAULT =
      new ServerTimeouts(
          Duration.ofSeconds(30),
          Duration.ofSeconds(75),
          Duration.ofSeconds(60),
          Duration.ZERO,
          Duration.ofSeconds(10));

  /// What servers give that others depend on, unless they are told otherwise.
  public static final Duration USUAL_GRACE = Duration.ofSeconds(1);

  public ServerTimeouts withGrace(Duration other) {
    return new ServerTimeouts(head, idle, body, other, drain);
  }

  public ServerTimeouts {
    if (!head.isPositive() || !idle.isPositive() || !body.isPositive()) {
      throw new IllegalArgumentException("a server timeout is not positive");
    }
    if (grace.isNegative() || drain.isNegative()) {
      throw new IllegalArgumentException("the time to stop in is negative");
    }
  }
}
