package org.martlet.containerserver.server;

import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;

/// Ends the handling of a request with an answer other than success; carries no stack trace.
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final transient Headers headers;

  Refused(int status, String text) {
    this(status, text, new Headers());
  }

  Refused(int status, String text, Headers headers) {
    super(text, null, false, false);
    this.status = status;
    this.headers = headers;
  }

  int status() {
    return status;
  }

  /// @param withBody false for an answer to HEAD
  Response response(boolean withBody) {
    Response response =
        withBody ? Response.text(status, getMessage() + "\n") : Response.empty(status);
    response.headers().addAll(headers);
    return response;
  }
}
