package org.martlet.common.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// What the connections of one server share.
///
/// - Invariant: a server serves, leaves, then drains, and never goes back.
/// - Threads: any.
final class ServerState {
  private final HttpServerConfig config;
  private final HttpHandler handler;
  private final DateHeader date;
  private final HeadBudget heads;
  private final ServerMeters meters;
  private final RequestLog log;
  private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition emptied = lock.newCondition();
  private volatile Phase phase = Phase.SERVING;
  private volatile boolean hurried;

  private enum Phase {
    SERVING,
    /// Connections end after their next answer.
    LEAVING,
    /// No further request is let in.
    DRAINING
  }

  ServerState(
      HttpServerConfig config,
      HttpHandler handler,
      DateHeader date,
      HeadBudget heads,
      ServerMeters meters,
      RequestLog log) {
    this.config = config;
    this.handler = handler;
    this.date = date;
    this.heads = heads;
    this.meters = meters;
    this.log = log;
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

  RequestLog log() {
    return log;
  }

  /// Whether the server stops: no connection outlives its next answer.
  boolean isLeaving() {
    return phase != Phase.SERVING;
  }

  /// Whether no further request is let in.
  boolean isDraining() {
    return phase == Phase.DRAINING;
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
    if (isDraining()) {
      connection.drain();
    }
    return true;
  }

  void left(ServerConnection connection) {
    connections.remove(connection);
    if (count.decrementAndGet() == 0 && isLeaving()) {
      wakeWaiting();
    }
  }

  private void wakeWaiting() {
    lock.lock();
    try {
      emptied.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void requestBegan() {
    requests.incrementAndGet();
  }

  void requestEnded() {
    requests.decrementAndGet();
  }

  void leave() {
    phase = Phase.LEAVING;
  }

  void drain() {
    phase = Phase.DRAINING;
    connections.forEach(ServerConnection::drain);
  }

  /// Ends [#awaitEmpty], now and later.
  void hurry() {
    hurried = true;
    wakeWaiting();
  }

  /// Waits until no connection is open, or somebody hurries.
  void awaitEmpty(Duration atMost) {
    await(atMost, () -> count.get() > 0 && !hurried);
  }

  /// Waits until no connection is open, whoever hurries.
  void awaitEnd(Duration atMost) {
    await(atMost, () -> count.get() > 0);
  }

  private void await(Duration atMost, BooleanSupplier going) {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (going.getAsBoolean() && left > 0) {
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
