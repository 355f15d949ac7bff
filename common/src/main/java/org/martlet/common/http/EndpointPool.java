package org.martlet.common.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The connections to one server; the last used is used first, so that the surplus ages out.
///
/// - Invariant: a call waits only while as many connections are open as may be.
/// - Threads: any; the lock is never held while something else is called.
@SuppressWarnings("FutureReturnValueIgnored") // the channel tells of failed writes by itself
final class EndpointPool {
  private final Endpoint endpoint;
  private final ClientState client;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<ClientConnection> idle = new ArrayDeque<>();
  private final ArrayDeque<ClientCall> waiting = new ArrayDeque<>();
  private final Set<ClientConnection> connections = new HashSet<>();
  private int open;
  private boolean closed;

  EndpointPool(Endpoint endpoint, ClientState client) {
    this.endpoint = endpoint;
    this.client = client;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  ClientState client() {
    return client;
  }

  /// Sends a call as soon as there is a connection.
  ///
  /// @param fresh on a new connection if possible, because an idle one was found closed
  void submit(ClientCall call, boolean fresh) {
    ClientConnection reused = null;
    Refusal refusal = Refusal.NONE;
    boolean waits = false;
    lock.lock();
    try {
      reused = closed || fresh ? null : idle.pollFirst();
      if (closed) {
        refusal = Refusal.CLOSED;
      } else if (reused == null && open < client.config().maxPerEndpoint()) {
        open++;
      } else if (reused == null && waiting.size() < client.config().maxWaiting()) {
        waiting.add(call);
        waits = true;
      } else if (reused == null) {
        refusal = Refusal.FULL;
      }
    } finally {
      lock.unlock();
    }
    if (reused != null) {
      start(reused, call, true);
    } else if (refusal != Refusal.NONE) {
      call.fail(refusal.fault(endpoint));
    } else if (waits) {
      expire(call);
    } else {
      connect(call);
    }
  }

  /// Takes a call out of the queue; false if it is not there.
  boolean forget(ClientCall call) {
    lock.lock();
    try {
      return waiting.remove(call);
    } finally {
      lock.unlock();
    }
  }

  /// A connection is free again; called on its loop.
  void release(ClientConnection connection) {
    ClientCall next = null;
    boolean keep = false;
    lock.lock();
    try {
      next = waiting.poll();
      keep = !closed && (next != null || idle.size() < client.config().maxIdlePerEndpoint());
      if (keep && next == null) {
        idle.addFirst(connection);
      }
    } finally {
      lock.unlock();
    }
    if (next != null) {
      connection.start(next, true);
    } else if (!keep) {
      connection.closeIdle();
    }
  }

  /// A connection is closed, whatever it was doing.
  void closed(ClientConnection connection) {
    lock.lock();
    try {
      idle.remove(connection);
      connections.remove(connection);
    } finally {
      lock.unlock();
    }
    placeFreed();
  }

  /// Closes an idle connection, the longest unused; false if there is none.
  boolean evict() {
    ClientConnection oldest;
    lock.lock();
    try {
      oldest = idle.pollLast();
    } finally {
      lock.unlock();
    }
    if (oldest == null) {
      return false;
    }
    oldest.onLoop(oldest::closeIdle);
    return true;
  }

  void close() {
    List<ClientCall> refused;
    List<ClientConnection> open;
    lock.lock();
    try {
      closed = true;
      refused = new ArrayList<>(waiting);
      waiting.clear();
      idle.clear();
      open = new ArrayList<>(connections);
    } finally {
      lock.unlock();
    }
    for (ClientCall call : refused) {
      call.fail(Refusal.CLOSED.fault(endpoint));
    }
    for (ClientConnection connection : open) {
      connection.onLoop(() -> connection.abort(Refusal.CLOSED.fault(endpoint)));
    }
  }

  private enum Refusal {
    NONE,
    CLOSED,
    FULL;

    HttpFault fault(Endpoint to) {
      return this == CLOSED
          ? new HttpFault(HttpFault.Kind.ABORTED, "the client is closed")
          : new HttpFault(HttpFault.Kind.EXHAUSTED, "too many requests wait for " + to);
    }
  }

  private void start(ClientConnection connection, ClientCall call, boolean reused) {
    if (!connection.onLoop(() -> connection.start(call, reused))) {
      call.fail(Refusal.CLOSED.fault(endpoint));
    }
  }

  private void expire(ClientCall call) {
    long nanos = call.timeouts().connect().toNanos();
    Runnable expired =
        () -> {
          if (forget(call)) {
            call.fail(
                new HttpFault(
                    HttpFault.Kind.EXHAUSTED, "no connection to " + endpoint + " became free"));
          }
        };
    client.loops().group().schedule(expired, nanos, TimeUnit.NANOSECONDS);
  }

  /// Gives the place of a connection that is gone to the call that waits longest.
  private void placeFreed() {
    ClientCall next;
    client.connectionGone();
    lock.lock();
    try {
      next = waiting.poll();
      if (next == null) {
        open--;
      }
    } finally {
      lock.unlock();
    }
    if (next != null) {
      connect(next);
    }
  }

  private void connect(ClientCall call) {
    if (!client.connectionAllowed()) {
      placeFreed();
      call.fail(new HttpFault(HttpFault.Kind.EXHAUSTED, "there are too many connections"));
      return;
    }
    byte[] address = NetUtil.createByteArrayFromIpAddressString(endpoint.host());
    try {
      if (address != null) {
        connect(call, new InetSocketAddress(InetAddress.getByAddress(address), endpoint.port()));
      } else {
        expireLookup(call);
        client.loops().lookups().execute(() -> lookUp(call));
      }
    } catch (UnknownHostException | RejectedExecutionException e) {
      connectFailed(call, "its name cannot be looked up", e);
    }
  }

  private void lookUp(ClientCall call) {
    InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
    if (address.isUnresolved()) {
      connectFailed(call, "its name is not known", null);
    } else {
      connect(call, address);
    }
  }

  private void expireLookup(ClientCall call) {
    HttpFault late =
        new HttpFault(HttpFault.Kind.CONNECT, "looking up " + endpoint.host() + " takes too long");
    client
        .loops()
        .group()
        .schedule(
            () -> {
              if (!call.isAttached()) {
                call.fail(late);
              }
            },
            call.timeouts().connect().toNanos(),
            TimeUnit.NANOSECONDS);
  }

  private void connect(ClientCall call, InetSocketAddress address) {
    EventLoop current = client.loops().current();
    ClientConnection connection = new ClientConnection(this);
    try {
      ChannelFuture connected =
          client.bootstrap(current, call.timeouts().connect()).handler(connection).connect(address);
      connected.addListener(done -> connected(call, connection, done.cause()));
    } catch (RejectedExecutionException | IllegalStateException e) {
      connectFailed(call, "this side is shutting down", e);
    }
  }

  private void connected(
      ClientCall call, ClientConnection connection, @Nullable Throwable failure) {
    if (failure != null) {
      connectFailed(call, String.valueOf(failure.getMessage()), failure);
      return;
    }
    boolean refused;
    lock.lock();
    try {
      connections.add(connection);
      refused = closed;
    } finally {
      lock.unlock();
    }
    connection.opened();
    if (refused) {
      call.fail(Refusal.CLOSED.fault(endpoint));
      connection.closeIdle();
    } else {
      connection.start(call, false);
    }
  }

  private void connectFailed(ClientCall call, String why, @Nullable Throwable cause) {
    String message = "cannot connect to " + endpoint + ": " + why;
    placeFreed();
    call.fail(
        cause == null
            ? new HttpFault(HttpFault.Kind.CONNECT, message)
            : new HttpFault(HttpFault.Kind.CONNECT, message, cause));
  }
}
