package org.martlet.common.http;

import java.io.IOException;

/// What went wrong with a connection or a message, as a kind that callers switch on.
public final class HttpFault extends IOException {
  /// Why an exchange failed.
  public enum Kind {
    /// No connection could be made: refused, unreachable or too slow; nothing was sent.
    CONNECT,
    /// The peer did not answer, send or take bytes in time.
    TIMEOUT,
    /// The peer closed or reset the connection before the message was complete.
    CLOSED,
    /// What the peer sent is not HTTP as it is understood here.
    PROTOCOL,
    /// A limit on sizes was exceeded.
    TOO_LARGE,
    /// This side gave up or is shutting down.
    ABORTED
  }

  private static final long serialVersionUID = 1;

  private final Kind kind;

  public HttpFault(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public HttpFault(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
