package org.martlet.common.http;

import java.nio.charset.StandardCharsets;

/// A response as it is sent or was received; who receives one reads its body to the end or closes
/// it.
///
/// - Content-Length: the server writes it from `body.length()` (chunked if -1). For an answer to
///   HEAD, the handler sets it in the headers and gives an empty body; what the handler set is then
///   kept. Where it is not known, the handler gives [Body#ofUnknownLength] and none is written.
///
/// @param status 200 to 599
/// @param headers without `Transfer-Encoding` and `Connection`
/// @param body what follows the head
public record Response(int status, Headers headers, Body body) {
  public static Response empty(int status) {
    return new Response(status, new Headers(), Body.empty());
  }

  public static Response empty(int status, Headers headers) {
    return new Response(status, headers, Body.empty());
  }

  /// A short plain text.
  public static Response text(int status, String text) {
    return new Response(
        status,
        Headers.of("Content-Type", "text/plain; charset=utf-8"),
        Body.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  public boolean isSuccess() {
    return status / 100 == 2;
  }
}
