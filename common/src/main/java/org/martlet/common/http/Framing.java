package org.martlet.common.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the end of a body is found (RFC 9112 §6.3).
///
/// @param length bytes, or one of the constants
/// @param ambiguous `Content-Length` came with `Transfer-Encoding`: the latter holds, the former is
///     thrown away, and the connection is closed after this exchange, so that nothing smuggled in
///     behind can be taken for a request
record Framing(long length, boolean ambiguous) {
  static final long CHUNKED = -1;

  /// Only in answers: the body ends where the connection does.
  static final long UNTIL_CLOSE = -2;

  static Framing ofRequest(Headers headers, int minor) throws BadMessage {
    Framing framing = declared(headers);
    if (framing == null) {
      return new Framing(0, false);
    }
    if (framing.length == CHUNKED && minor == 0) {
      throw new BadMessage("HTTP/1.0 has no Transfer-Encoding.");
    }
    return framing;
  }

  static Framing ofResponse(Headers headers, int status, String method) throws BadMessage {
    if (hasNoBody(status, method)) {
      return new Framing(0, false);
    }
    Framing framing = declared(headers);
    return framing == null ? new Framing(UNTIL_CLOSE, false) : framing;
  }

  static boolean hasNoBody(int status, String method) {
    return status == 204 || status == 304 || status < 200 || method.equals("HEAD");
  }

  private static @Nullable Framing declared(Headers headers) throws BadMessage {
    boolean chunked = isChunked(headers);
    List<String> lengths = headers.all("Content-Length");
    if (chunked) {
      headers.remove("Content-Length");
      return new Framing(CHUNKED, !lengths.isEmpty());
    }
    if (lengths.isEmpty()) {
      return null;
    }
    long length = parseLength(lengths.get(0));
    for (int i = 1; i < lengths.size(); i++) {
      if (parseLength(lengths.get(i)) != length) {
        throw new BadMessage("There are two different Content-Lengths.");
      }
    }
    return new Framing(length, false);
  }

  private static boolean isChunked(Headers headers) throws BadMessage {
    List<String> codings = headers.all("Transfer-Encoding");
    if (codings.isEmpty()) {
      return false;
    }
    if (codings.size() > 1) {
      throw new BadMessage("There are two Transfer-Encodings.");
    }
    if (!codings.get(0).equalsIgnoreCase("chunked")) {
      throw new BadMessage(501, "The only Transfer-Encoding understood here is chunked.");
    }
    return true;
  }

  private static long parseLength(String text) throws BadMessage {
    boolean digits = !text.isEmpty() && text.length() <= 19;
    for (int i = 0; digits && i < text.length(); i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    try {
      if (digits) {
        return Long.parseLong(text);
      }
    } catch (NumberFormatException e) {
      throw new BadMessage("Content-Length is too large: " + e.getMessage());
    }
    throw new BadMessage("Content-Length is not a number.");
  }
}
