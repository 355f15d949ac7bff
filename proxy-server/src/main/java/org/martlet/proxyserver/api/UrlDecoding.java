package org.martlet.proxyserver.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Percent-decoding as Swift's clients expect it: a `%` that no two hexadecimal digits follow
/// stands for itself, and bytes are taken for UTF-8 only if they are.
public final class UrlDecoding {
  private UrlDecoding() {}

  /// The bytes that an encoded text (Latin-1, as on the wire) stands for.
  public static byte[] bytes(String encoded) {
    byte[] decoded = new byte[encoded.length()];
    int n = 0;
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%' && i + 2 < encoded.length()) {
        int high = Character.digit(encoded.charAt(i + 1), 16);
        int low = Character.digit(encoded.charAt(i + 2), 16);
        if (high >= 0 && low >= 0) {
          decoded[n++] = (byte) (high << 4 | low);
          i += 2;
          continue;
        }
      }
      decoded[n++] = (byte) c;
    }
    return Arrays.copyOf(decoded, n);
  }

  /// The text that bytes stand for; nothing if they are not valid UTF-8 (surrogates are not).
  public static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /// Decodes a name out of a URL or header: valid UTF-8 without NUL, or nothing.
  public static Optional<String> name(String encoded) {
    return utf8(bytes(encoded)).filter(name -> name.indexOf('\0') < 0);
  }

  static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
