package org.martlet.common.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What the connections of one server share.
///
/// - Threads: any.
final class ServerState {
  private final HttpServerConfig config;
  private final HttpHandler handler;
  private final DateHeader date;
  private final HeadBudget heads;
  private final ServerMeters meters;
  private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition emptied = lock.newCondition();
  private volatile boolean draining;

  ServerState(
      HttpServerConfig config,
      HttpHandler handler,
      DateHeader date,
      HeadBudget heads,
      ServerMeters meters) {
    this.config = config;
    this.handler = handler;
    this.date = date;
    this.heads = heads;
    this.meters = meters;
  }

  HttpServerConfig config() {
    return config;
  }

  HttpHandler handler() {
    return handler;
  }

  DateHeader date() {
    return date;
  }

  HeadBudget heads() {
    return heads;
  }

  ServerMeters meters() {
    return meters;
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
    if (count.decrementAndGet() == 0 && draining) {
      lock.lock();
      try {
        emptied.signalAll();
      } finally {
        lock.unlock();
      }
    }
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

  /// Waits until no connection is open.
  void awaitEmpty(Duration atMost) {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (count.get() > 0 && left > 0) {
        left = emptied.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  void closeAll() {
    connections.forEach(ServerConnection::closeNow);
  }
}
