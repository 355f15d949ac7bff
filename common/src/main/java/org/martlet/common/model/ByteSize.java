package org.martlet.common.model;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of bytes as people write it: `512`, `64 KiB`, `1 GiB`; powers of 1024 with the `i`, of
/// 1000 without.
///
/// @param bytes 0 or more
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s*(B|[KMGT]i?B)?");
  private static final String UNITS = "KMGT";

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size is not negative: " + bytes);
    }
  }

  public static ByteSize ofKiB(long n) {
    return new ByteSize(Math.multiplyExact(n, 1L << 10));
  }

  public static ByteSize ofMiB(long n) {
    return new ByteSize(Math.multiplyExact(n, 1L << 20));
  }

  public static ByteSize ofGiB(long n) {
    return new ByteSize(Math.multiplyExact(n, 1L << 30));
  }

  /// @throws IllegalArgumentException with a message that says what forms are understood
  public static ByteSize parse(String text) {
    Matcher match = FORM.matcher(text.strip());
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "not a size: \"" + text + "\"; write e.g. 65536, \"64 KiB\" or \"1 GiB\"");
    }
    long number = Long.parseLong(match.group(1));
    String unit = match.group(2);
    if (unit == null || unit.equals("B")) {
      return new ByteSize(number);
    }
    long base = unit.length() == 3 ? 1024 : 1000;
    for (int i = UNITS.indexOf(unit.charAt(0)); i >= 0; i--) {
      number = multiply(number, base, text);
    }
    return new ByteSize(number);
  }

  private static long multiply(long number, long base, String text) {
    try {
      return Math.multiplyExact(number, base);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("size is too large: \"" + text + "\"", e);
    }
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /// The shortest exact form in powers of 1024, e.g. `64 KiB`.
  @Override
  public String toString() {
    if (bytes == 0 || bytes % 1024 != 0) {
      return String.format(Locale.ROOT, "%d B", bytes);
    }
    int power = Math.min(Long.numberOfTrailingZeros(bytes) / 10, UNITS.length());
    return String.format(Locale.ROOT, "%d %ciB", bytes >> (10 * power), UNITS.charAt(power - 1));
  }
}
