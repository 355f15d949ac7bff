package org.martlet.proxyserver.filter;

import java.io.IOException;
import org.martlet.common.http.Response;
import org.martlet.proxyserver.api.RequestContext;

/// One step that a request passes on its way in, and its answer on the way out.
///
/// - Errors: an [org.martlet.proxyserver.api.ApiException] ends the request with its answer.
/// - Threads: called on the request's own virtual thread; may block.
@FunctionalInterface
public interface Filter {
  /// Answers, or passes the request on and gives what comes back.
  Response handle(RequestContext request, Next next) throws IOException, InterruptedException;

  /// What is behind a filter.
  @FunctionalInterface
  interface Next {
    Response handle(RequestContext request) throws IOException, InterruptedException;
  }
}
