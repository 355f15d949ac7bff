package org.martlet.proxyserver.api;

import java.nio.charset.StandardCharsets;

/// Percent-encoding as Swift writes it: letters, digits and `_.-~` stay, and a path's slashes.
public final class UrlEncoding {
  private static final String HEX = "0123456789ABCDEF";

  private UrlEncoding() {}

  /// Encodes a path's UTF-8; slashes stay.
  public static String path(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8), "/");
  }

  /// Encodes one part of a path or a value in a query; slashes are encoded.
  public static String component(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8), "");
  }

  /// Encodes a header's text (one byte a char) as [#component] does.
  public static String latin1Component(String latin1) {
    return latin1(latin1, "");
  }

  /// Encodes a header's text (one byte a char); characters of `safe` stay.
  public static String latin1(String latin1, String safe) {
    return encode(latin1.getBytes(StandardCharsets.ISO_8859_1), safe);
  }

  /// Encodes bytes; those of `safe` stay.
  static String encode(byte[] bytes, String safe) {
    StringBuilder out = new StringBuilder(bytes.length + 16);
    for (byte b : bytes) {
      char c = (char) (b & 0xff);
      if (unreserved(c) || safe.indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return out.toString();
  }

  private static boolean unreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '.'
        || c == '-'
        || c == '~';
  }
}
