package org.martlet.common.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/// The HTTP client over sockets.
///
/// - Bounds: connections per server and in all, requests that wait for one; past them a request
///   fails with [HttpFault.Kind#CONNECT].
/// - An answer of 300 and above that comes before the request's body was sent ends the sending; the
///   connection is not used again.
public final class NettyHttpClient implements HttpClient {
  private final ClientState state;

  /// A client without metrics.
  public NettyHttpClient(EventLoops loops, HttpClientConfig config) {
    this(loops, config, new SimpleMeterRegistry());
  }

  public NettyHttpClient(EventLoops loops, HttpClientConfig config, MeterRegistry meters) {
    this.state = new ClientState(loops, config);
    Gauge.builder("martlet.http.client.connections", state, ClientState::connectionCount)
        .description("connections to other servers, busy and idle")
        .strongReference(true)
        .register(meters);
  }

  @Override
  public Call send(Endpoint to, Request request, Timeouts timeouts) {
    return submit(to, request, timeouts, false);
  }

  @Override
  public Upload open(Endpoint to, Request request, Timeouts timeouts) {
    return submit(to, request, timeouts, true);
  }

  /// Open connections, busy and idle.
  public int connections() {
    return state.connectionCount();
  }

  /// Closes all connections; what is under way fails with [HttpFault.Kind#ABORTED].
  @Override
  public void close() {
    state.close();
  }

  private ClientCall submit(Endpoint to, Request request, Timeouts timeouts, boolean waits) {
    if (!RequestLine.isToken(request.method()) || !isTarget(request.target())) {
      request.body().close();
      throw new IllegalArgumentException("not a request line: a method or target is malformed");
    }
    EndpointPool pool = state.pool(to);
    ClientCall call = new ClientCall(pool, request, timeouts, waits);
    pool.submit(call, false);
    return call;
  }

  private static boolean isTarget(String target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c == 0x7f || c > 0xff) {
        return false;
      }
    }
    return target.startsWith("/") || target.equals("*");
  }
}
