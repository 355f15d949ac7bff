package org.martlet.common.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Names in URLs: UTF-8, with `%XX` for bytes that may not stand for themselves.
///
/// - Source: Python's `quote` and `unquote`, which Swift uses: letters, digits and `_.-~` stand for
///   themselves; a `%` that no two hexadecimal digits follow is taken as it is.
public final class PercentCoding {
  private static final String DIGITS = "0123456789ABCDEF";

  private PercentCoding() {}

  /// The text that a part of a URL stands for; null if that is not UTF-8.
  ///
  /// @param wire one char a byte, as it was received
  public static @Nullable String decode(String wire) {
    return isPlain(wire) ? wire : utf8(decodeBytes(wire));
  }

  /// A name out of a URL or a header: valid UTF-8 without NUL, or nothing.
  public static Optional<String> decodeName(String wire) {
    return Optional.ofNullable(decode(wire)).filter(name -> name.indexOf('\0') < 0);
  }

  /// The text that bytes stand for; null if they are not valid UTF-8 (surrogates are not).
  public static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /// The same with U+FFFD for what is not UTF-8.
  public static String decodeLeniently(String wire) {
    return isPlain(wire) ? wire : new String(decodeBytes(wire), StandardCharsets.UTF_8);
  }

  /// A path; `/` stands for itself.
  public static String encodePath(String text) {
    return encode(text, text.getBytes(StandardCharsets.UTF_8), "/");
  }

  /// One segment of a path, or a name or value of a query.
  public static String encode(String text) {
    return encode(text, text.getBytes(StandardCharsets.UTF_8), "");
  }

  /// A header's text, one byte a char; the (ASCII) characters of `safe` stand for themselves too.
  public static String encodeLatin1(String text, String safe) {
    return encode(text, text.getBytes(StandardCharsets.ISO_8859_1), safe);
  }

  private static String encode(String text, byte[] bytes, String safe) {
    StringBuilder encoded = null;
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xff);
      if (isUnreserved(c) || safe.indexOf(c) >= 0) {
        if (encoded != null) {
          encoded.append(c);
        }
        continue;
      }
      if (encoded == null) {
        // All bytes so far are ASCII, so they are chars of the text as well.
        encoded = new StringBuilder(bytes.length + 16).append(text, 0, i);
      }
      encoded.append('%').append(DIGITS.charAt(c >> 4)).append(DIGITS.charAt(c & 15));
    }
    return encoded == null ? text : encoded.toString();
  }

  /// The bytes that a part of a URL stands for.
  public static byte[] decodeBytes(String wire) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(wire.length());
    for (int i = 0; i < wire.length(); i++) {
      char c = wire.charAt(i);
      int high = c == '%' && i + 2 < wire.length() ? hex(wire.charAt(i + 1)) : -1;
      int low = high >= 0 ? hex(wire.charAt(i + 2)) : -1;
      if (low >= 0) {
        bytes.write((high << 4) | low);
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }

  private static int hex(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  private static boolean isPlain(String wire) {
    for (int i = 0; i < wire.length(); i++) {
      if (wire.charAt(i) == '%' || wire.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUnreserved(char c) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' || c == '~';
  }
}
