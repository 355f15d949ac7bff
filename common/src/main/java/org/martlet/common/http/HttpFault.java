package org.martlet.common.http;

import java.io.IOException;
import org.martlet.common.runtime.Failures;

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
    /// This side has no connection to spare; nothing was sent and the peer is not to blame.
    EXHAUSTED,
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

  /// The fault inside what a future failed with; [Kind#ABORTED] around anything else.
  public static HttpFault of(Throwable failure) {
    Throwable cause = Failures.cause(failure);
    return cause instanceof HttpFault fault
        ? fault
        : new HttpFault(Kind.ABORTED, String.valueOf(cause), cause);
  }

  public Kind kind() {
    return kind;
  }
}
