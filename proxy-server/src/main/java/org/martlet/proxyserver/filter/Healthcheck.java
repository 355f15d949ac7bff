package org.martlet.proxyserver.filter;

import java.io.IOException;
import java.util.Set;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.RequestContext;

/// Answers `/healthcheck` with `OK` as long as this proxy serves requests.
public final class Healthcheck implements Filter {
  static final String PATH = "/healthcheck";
  private static final Set<String> METHODS = Set.of("GET", "HEAD");

  @Override
  public Response handle(RequestContext request, Next next)
      throws IOException, InterruptedException {
    if (!request.rawPath().equals(PATH)) {
      return next.handle(request);
    }
    if (!METHODS.contains(request.method())) {
      throw new ApiException(405, null, Headers.of("Allow", "GET, HEAD"));
    }
    return Response.text(200, "OK");
  }
}
