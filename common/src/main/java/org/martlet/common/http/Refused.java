package org.martlet.common.http;

/// Ends the handling of a request with an answer other than success; carries no stack trace.
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final transient Headers headers;

  /// @param text for the client to read
  public Refused(int status, String text) {
    this(status, text, new Headers());
  }

  /// @param headers of the answer, beside those of its body
  public Refused(int status, String text, Headers headers) {
    super(text, null, false, false);
    this.status = status;
    this.headers = headers;
  }

  /// What to say to who sent a body that could not be read.
  public static Refused of(HttpFault fault) {
    return switch (fault.kind()) {
      case TIMEOUT -> new Refused(408, "The body did not come in time");
      case TOO_LARGE -> new Refused(413, "The body is too large");
      case PROTOCOL -> new Refused(400, "The body is not understood");
      case CLOSED, ABORTED, CONNECT -> new Refused(499, "The body ended early");
      case EXHAUSTED -> new Refused(503, "There is too little memory for the request now");
    };
  }

  public int status() {
    return status;
  }

  public Response response() {
    return response(true);
  }

  /// @param withBody false for an answer to HEAD
  public Response response(boolean withBody) {
    Response response =
        withBody ? Response.text(status, getMessage() + "\n") : Response.empty(status);
    response.headers().addAll(headers);
    return response;
  }
}
