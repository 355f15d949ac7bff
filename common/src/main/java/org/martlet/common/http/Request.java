package org.martlet.common.http;

/// A request as it is sent or was received.
///
/// @param method an upper-case token, e.g. `GET`; not limited to the usual ones
/// @param target path and query exactly as on the wire (percent-encoded)
/// @param headers without `Content-Length`, `Transfer-Encoding`, `Connection`, `Expect` and
///     `Trailer` on sending: the transport writes those from the body
/// @param body what follows the head
public record Request(String method, String target, Headers headers, Body body) {
  public static Request withoutBody(String method, String target, Headers headers) {
    return new Request(method, target, headers, Body.empty());
  }

  /// The target up to the question mark, still percent-encoded.
  public String rawPath() {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  /// What follows the question mark, still percent-encoded; empty if there is none.
  public String rawQuery() {
    int question = target.indexOf('?');
    return question < 0 ? "" : target.substring(question + 1);
  }
}
