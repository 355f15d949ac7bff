package org.martlet.e2e.chaos;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/// What a body must be, by its object's name and the number of the operation that wrote it: unique,
/// so that any other byte is known as such.
final class Content {
  private static final int[] SMALL = {0, 1, 100, 4096, 4096, 20_000};
  private static final int[] MIDDLE = {65_536, 65_537, 131_072, 262_145};
  private static final String TYPE = "x-chaos/";

  private Content() {}

  static byte[] body(String name, int operation) {
    Random random = random(name, operation);
    byte[] bytes = new byte[size(random)];
    random.nextBytes(bytes);
    return bytes;
  }

  static int size(String name, int operation) {
    return size(random(name, operation));
  }

  private static Random random(String name, int operation) {
    return new Random(name.hashCode() * 1_000_003L + operation);
  }

  private static int size(Random random) {
    int kind = random.nextInt(100);
    if (kind < 75) {
      return SMALL[random.nextInt(SMALL.length)];
    }
    return kind < 95 ? MIDDLE[random.nextInt(MIDDLE.length)] : 300_000 + random.nextInt(2_500_000);
  }

  /// Tells the operation also where the body is empty, and in listings.
  static String type(int operation) {
    return TYPE + operation;
  }

  /// @return -1 if no operation of ours wrote this
  static int operation(String type) {
    String digits = type.startsWith(TYPE) ? type.substring(TYPE.length()) : "";
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : -1;
  }

  static String etag(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
