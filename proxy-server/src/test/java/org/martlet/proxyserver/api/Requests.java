package org.martlet.proxyserver.api;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;

/// Makes requests and reads answers for tests.
public final class Requests {
  public static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  public static final InetSocketAddress CLIENT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000);

  private Requests() {}

  public static RequestContext of(String method, String target, String... headers) {
    return of(method, target, Body.empty(), headers);
  }

  /// From somebody who may do everything, unless an authentication filter says otherwise.
  public static RequestContext of(String method, String target, Body body, String... headers) {
    RequestContext context =
        new RequestContext(
            new Request(method, target, Headers.of(headers), body), CLIENT, "tx1", NOW);
    context.authenticated(null, (request, verb, path, acl) -> Authorizer.Decision.OWNER);
    return context;
  }

  /// The whole body as text.
  public static String text(Response response) {
    return text(response.body());
  }

  public static String text(Body body) {
    StringBuilder text = new StringBuilder();
    for (Chunk chunk = body.next().join(); chunk.size() > 0; chunk = body.next().join()) {
      text.append(StandardCharsets.UTF_8.decode(chunk.bytes()));
      chunk.release();
    }
    return text.toString();
  }
}
