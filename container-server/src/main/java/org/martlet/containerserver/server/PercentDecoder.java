package org.martlet.containerserver.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Decodes percent-encoded parts of a request's target, strictly.
final class PercentDecoder {
  private PercentDecoder() {}

  /// A part of the path.
  ///
  /// @param raw as on the wire, one char a byte
  /// @throws Refused 400 for a broken escape, 412 for what is not UTF-8
  static String path(String raw) {
    return decode(raw, false, 412);
  }

  /// A name or value of the query, where `+` is a space.
  ///
  /// @throws Refused 400 for a broken escape and for what is not UTF-8
  static String query(String raw) {
    return decode(raw, true, 400);
  }

  private static String decode(String raw, boolean plusIsSpace, int notUtf8) {
    ByteBuffer bytes = ByteBuffer.allocate(raw.length());
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.put((byte) (digit(raw, i + 1) << 4 | digit(raw, i + 2)));
        i += 3;
      } else {
        bytes.put((byte) (plusIsSpace && c == '+' ? ' ' : c));
        i++;
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new Refused(notUtf8, "Invalid UTF8 or contains NULL");
    }
  }

  private static int digit(String raw, int at) {
    int digit = at < raw.length() ? Character.digit(raw.charAt(at), 16) : -1;
    if (digit < 0) {
      throw new Refused(400, "The target holds a broken escape");
    }
    return digit;
  }
}
