package org.martlet.objectserver.server;

import java.time.Duration;
import org.martlet.common.http.Timeouts;

/// Timeouts for tests: no test waits for one.
final class RequestTimeouts {
  static final Timeouts LONG =
      new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

  private RequestTimeouts() {}
}
