package org.martlet.replicator.service;

import org.martlet.common.http.BlockingHandlers;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.BackgroundIds;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.run.ReplicaFault;
import org.martlet.replicator.run.Wire;

/// Signed requests over HTTP, which take from the budget of their [Wire].
public final class HttpTransport implements Transport {
  private final Wire wire;
  private final BackgroundIds ids = new BackgroundIds("service", System.nanoTime());

  public HttpTransport(Wire wire) {
    this.wire = wire;
  }

  @Override
  public Response send(RingDevice device, Request request) throws ReplicaFault {
    try {
      wire.budget().takeRequest();
      wire.budget().takeBytes(Math.max(0, request.body().length()));
    } catch (ReplicaFault e) {
      request.body().close();
      throw e;
    }
    Headers headers = request.headers().copy();
    headers.set(BackendHeaders.TRANSACTION, ids.next());
    wire.signature().sign(request.method(), request.target(), request.body().length(), headers);
    Request signed = new Request(request.method(), request.target(), headers, request.body());
    Endpoint endpoint = new Endpoint(device.ip(), device.port());
    HttpClient.Call call = wire.client().send(endpoint, signed, wire.timeouts());
    try {
      return BlockingHandlers.await(call.response());
    } catch (HttpFault e) {
      call.abort();
      throw new ReplicaFault(kindOf(e), Backends.name(device) + ": " + e.getMessage(), e);
    }
  }

  private static ReplicaFault.Kind kindOf(HttpFault fault) {
    return switch (fault.kind()) {
      case CONNECT, TIMEOUT, CLOSED -> ReplicaFault.Kind.UNREACHABLE;
      case ABORTED ->
          Thread.currentThread().isInterrupted()
              ? ReplicaFault.Kind.STOPPED
              : ReplicaFault.Kind.UNREACHABLE;
      case EXHAUSTED -> ReplicaFault.Kind.UNAVAILABLE;
      case PROTOCOL, TOO_LARGE -> ReplicaFault.Kind.PROTOCOL;
    };
  }
}
