package org.martlet.proxyserver.filter;

import java.io.IOException;
import java.util.Optional;
import org.martlet.common.http.Body;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.LoggedTarget;
import org.martlet.common.http.Response;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.ErrorResponses;
import org.martlet.proxyserver.api.RequestContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns whatever goes wrong into an answer, and gives every answer its transaction id.
///
/// A client that stops sending is answered with 408, one that goes away with 499 (for the log);
/// what nobody expected is logged with its stack trace and answered with 500. No answer to HEAD
/// keeps a body.
public final class CatchErrors implements Filter {
  private static final Logger log = LoggerFactory.getLogger(CatchErrors.class);

  @Override
  public Response handle(RequestContext request, Next next) {
    Response response = withoutBodyForHead(request, answer(request, next));
    response.headers().set("X-Trans-Id", request.transactionId());
    response.headers().set("X-Openstack-Request-Id", request.transactionId());
    return response;
  }

  private static Response answer(RequestContext request, Next next) {
    try {
      return next.handle(request);
    } catch (ApiException problem) {
      return ErrorResponses.of(problem);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ErrorResponses.of(503);
    } catch (IOException | RuntimeException e) {
      return unexpected(request, e);
    }
  }

  private static Response unexpected(RequestContext request, Exception problem) {
    Optional<HttpFault.Kind> fault = request.clientFault();
    if (fault.isEmpty()) {
      log.error(
          "{} {} failed (txn: {})",
          request.method(),
          LoggedTarget.of(request.target()),
          request.transactionId(),
          problem);
      return ErrorResponses.of(500);
    }
    return ErrorResponses.of(
        switch (fault.get()) {
          case TIMEOUT -> 408;
          case PROTOCOL -> 400;
          case TOO_LARGE -> 413;
          case CLOSED, CONNECT, EXHAUSTED, ABORTED -> 499;
        });
  }

  private static Response withoutBodyForHead(RequestContext request, Response response) {
    if (!request.method().equals("HEAD")) {
      return response;
    }
    if (response.body().length() > 0) {
      response.headers().setIfAbsent("Content-Length", Long.toString(response.body().length()));
    }
    response.body().close();
    return new Response(response.status(), response.headers(), Body.empty());
  }
}
