package org.martlet.common.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// What the connections of one server share.
///
/// - Threads: any.
final class ServerState {
  private final HttpServerConfig config;
  private final HttpHandler handler;
  private final HttpDate date;
  private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile boolean draining;

  ServerState(HttpServerConfig config, HttpHandler handler, HttpDate date) {
    this.config = config;
    this.handler = handler;
    this.date = date;
  }

  HttpServerConfig config() {
    return config;
  }

  HttpHandler handler() {
    return handler;
  }

  HttpDate date() {
    return date;
  }

  boolean isDraining() {
    return draining;
  }

  /// Open connections.
  int connectionCount() {
    return count.get();
  }

  /// Requests whose answer is not finished.
  int requestCount() {
    return requests.get();
  }

  /// Takes a connection in, unless there are too many.
  boolean admit(ServerConnection connection) {
    if (count.incrementAndGet() > config.maxConnections()) {
      count.decrementAndGet();
      return false;
    }
    connections.add(connection);
    if (draining) {
      connection.drain();
    }
    return true;
  }

  void left(ServerConnection connection) {
    connections.remove(connection);
    count.decrementAndGet();
  }

  void requestBegan() {
    requests.incrementAndGet();
  }

  void requestEnded() {
    requests.decrementAndGet();
  }

  void drain() {
    draining = true;
    connections.forEach(ServerConnection::drain);
  }

  void closeAll() {
    connections.forEach(ServerConnection::closeNow);
  }
}
