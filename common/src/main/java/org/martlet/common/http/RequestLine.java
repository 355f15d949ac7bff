package org.martlet.common.http;

import java.util.Locale;

/// The first line of a request.
///
/// @param method as it was sent
/// @param target in origin form (`/path?query`) or `*`
/// @param minor 0 or 1, of HTTP/1.x
record RequestLine(String method, String target, int minor) {
  static RequestLine parse(String line) throws BadMessage {
    int afterMethod = line.indexOf(' ');
    int beforeVersion = line.lastIndexOf(' ');
    if (afterMethod <= 0 || beforeVersion <= afterMethod + 1) {
      throw new BadMessage("The request line is not METHOD TARGET HTTP/1.1.");
    }
    String method = line.substring(0, afterMethod);
    String target = line.substring(afterMethod + 1, beforeVersion);
    if (target.indexOf(' ') >= 0 || target.indexOf('\t') >= 0 || !isToken(method)) {
      throw new BadMessage("The request line is not METHOD TARGET HTTP/1.1.");
    }
    return new RequestLine(method, originForm(target), minorOf(line.substring(beforeVersion + 1)));
  }

  /// The minor version of `HTTP/1.x`; any from 1 on is spoken to as 1.
  static int minorOf(String version) throws BadMessage {
    if (version.equals("HTTP/1.1")) {
      return 1;
    }
    if (version.equals("HTTP/1.0")) {
      return 0;
    }
    if (!version.matches("HTTP/[0-9]\\.[0-9]")) {
      throw new BadMessage("The request line is not METHOD TARGET HTTP/1.1.");
    }
    if (version.charAt(5) != '1') {
      throw new BadMessage(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.");
    }
    return 1;
  }

  private static String originForm(String target) throws BadMessage {
    if (target.startsWith("/") || target.equals("*")) {
      return target;
    }
    String lower = target.substring(0, Math.min(8, target.length())).toLowerCase(Locale.ROOT);
    int scheme = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : 0;
    if (scheme == 0 || target.length() == scheme) {
      throw new BadMessage("The request target is not a path.");
    }
    int path = target.indexOf('/', scheme);
    int query = target.indexOf('?', scheme);
    if (path < 0 || (query >= 0 && query < path)) {
      return query < 0 ? "/" : "/" + target.substring(query);
    }
    return target.substring(path);
  }

  /// Whether that is a token of RFC 9110 §5.6.2.
  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean digit = c >= '0' && c <= '9';
      if (!letter && !digit && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
