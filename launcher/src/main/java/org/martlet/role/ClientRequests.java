package org.martlet.role;

import java.util.concurrent.atomic.LongAdder;
import org.martlet.common.http.HttpHandler;

/// Counts what comes in to a storage process and is not replication: clients' requests, by way of
/// proxies, and what follows from them. Background work gives way to it.
///
/// - Threads: any.
final class ClientRequests {
  private static final String REPLICATION = "/replication/";

  private final LongAdder count = new LongAdder();

  /// The same handler, counted.
  HttpHandler counted(HttpHandler handler) {
    return server -> {
      if (isOfClients(server.request().rawPath())) {
        count.increment();
      }
      return handler.handle(server);
    };
  }

  /// Whether a path is neither `/<device>/replication/…` nor of an operator.
  static boolean isOfClients(String path) {
    int device = path.indexOf('/', 1);
    return device > 0
        && !path.startsWith(REPLICATION, device)
        && !path.startsWith("/recon/")
        && !path.startsWith("/rings/");
  }

  /// How many there were since the start.
  long count() {
    return count.sum();
  }
}
