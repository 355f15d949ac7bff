package org.martlet.proxyserver.api;

import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;

/// Ends a request with an answer that says what was wrong with it; the pipeline turns it into a
/// response by [ErrorResponses].
///
/// Carries no stack trace: it tells the client's mistake, not ours.
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final @Nullable String text;
  private final transient Headers headers;

  /// With the standard text of that status.
  public ApiException(int status) {
    this(status, null, new Headers());
  }

  /// @param text short, for the client; shown as plain text
  public ApiException(int status, String text) {
    this(status, text, new Headers());
  }

  /// @param text short, for the client; null for the standard text of that status
  /// @param headers to be sent along
  public ApiException(int status, @Nullable String text, Headers headers) {
    super(text == null ? Integer.toString(status) : status + " " + text, null, false, false);
    this.status = status;
    this.text = text;
    this.headers = headers;
  }

  public static ApiException badRequest(String text) {
    return new ApiException(400, text);
  }

  public int status() {
    return status;
  }

  public @Nullable String text() {
    return text;
  }

  public Headers headers() {
    return headers;
  }
}
