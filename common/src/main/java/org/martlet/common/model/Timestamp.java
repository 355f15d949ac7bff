package org.martlet.common.model;

import java.time.Instant;

/// A moment in Swift's form: ticks of 10 microseconds since the epoch, and an offset that orders
/// changes which the cluster itself makes at one moment.
///
/// - Shape: `1402464677.04188`, ten digits, a point, five digits; with an offset that is not zero
///   `1402464677.04188_000000000000000a`.
/// - Order: ticks, then offset.
///
/// @param ticks 0 to 999,999,999,999,999
/// @param offset 0 or more
public record Timestamp(long ticks, long offset) implements Comparable<Timestamp> {
  public static final long TICKS_PER_SECOND = 100_000;
  public static final long MAX_TICKS = 999_999_999_999_999L;
  public static final Timestamp ZERO = new Timestamp(0, 0);

  public Timestamp {
    if (ticks < 0 || ticks > MAX_TICKS) {
      throw new IllegalArgumentException("timestamp is out of range: " + ticks + " ticks");
    }
    if (offset < 0) {
      throw new IllegalArgumentException("timestamp offset is negative: " + offset);
    }
  }

  public static Timestamp ofTicks(long ticks) {
    return new Timestamp(ticks, 0);
  }

  /// The instant, cut to whole ticks.
  public static Timestamp of(Instant instant) {
    return ofTicks(
        Math.addExact(
            Math.multiplyExact(instant.getEpochSecond(), TICKS_PER_SECOND),
            instant.getNano() / 10_000));
  }

  /// Parses what a header carries: any plain decimal number of seconds (digits beyond the fifth
  /// decimal are rounded half up), with or without an offset.
  ///
  /// @throws IllegalArgumentException if it is not such a number or out of range
  public static Timestamp parse(String text) {
    int underscore = text.indexOf('_');
    String seconds = underscore < 0 ? text : text.substring(0, underscore);
    long offset = underscore < 0 ? 0 : parseOffset(text, text.substring(underscore + 1));
    return new Timestamp(parseTicks(text, seconds), offset);
  }

  private static long parseOffset(String text, String hex) {
    if (hex.isEmpty()
        || hex.length() > 16
        || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      throw invalid(text);
    }
    long offset = Long.parseUnsignedLong(hex, 16);
    if (offset < 0) {
      throw invalid(text);
    }
    return offset;
  }

  private static long parseTicks(String text, String seconds) {
    int point = seconds.indexOf('.');
    String whole = point < 0 ? seconds : seconds.substring(0, point);
    String fraction = point < 0 ? "" : seconds.substring(point + 1);
    if ((whole.isEmpty() && fraction.isEmpty())
        || whole.length() > 10
        || fraction.length() > 32
        || !digits(whole)
        || !digits(fraction)) {
      throw invalid(text);
    }
    long ticks = (whole.isEmpty() ? 0 : Long.parseLong(whole)) * TICKS_PER_SECOND;
    ticks += Long.parseLong((fraction + "00000").substring(0, 5));
    if (fraction.length() > 5 && fraction.charAt(5) >= '5') {
      ticks++;
    }
    if (ticks > MAX_TICKS) {
      throw invalid(text);
    }
    return ticks;
  }

  private static boolean digits(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException("not a timestamp: " + text);
  }

  /// The next moment that a proxy may issue.
  public Timestamp nextTick() {
    return ofTicks(ticks + 1);
  }

  public boolean isAfter(Timestamp other) {
    return compareTo(other) > 0;
  }

  public static Timestamp max(Timestamp a, Timestamp b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  public Instant toInstant() {
    return Instant.ofEpochSecond(ticks / TICKS_PER_SECOND, ticks % TICKS_PER_SECOND * 10_000);
  }

  /// Whole seconds, rounded up: what `Last-Modified` shows.
  public long secondsRoundedUp() {
    return Math.ceilDiv(ticks, TICKS_PER_SECOND);
  }

  /// Without the offset: what clients see.
  public String normal() {
    StringBuilder text = new StringBuilder(16);
    pad(text, Long.toString(ticks / TICKS_PER_SECOND), 10);
    text.append('.');
    pad(text, Long.toString(ticks % TICKS_PER_SECOND), 5);
    return text.toString();
  }

  private static void pad(StringBuilder to, String digits, int width) {
    to.repeat('0', Math.max(0, width - digits.length())).append(digits);
  }

  /// With the offset where there is one: what servers exchange.
  public String internal() {
    if (offset == 0) {
      return normal();
    }
    StringBuilder text = new StringBuilder(33).append(normal()).append('_');
    pad(text, Long.toHexString(offset), 16);
    return text.toString();
  }

  @Override
  public int compareTo(Timestamp other) {
    int byTicks = Long.compare(ticks, other.ticks);
    return byTicks != 0 ? byTicks : Long.compare(offset, other.offset);
  }

  @Override
  public String toString() {
    return internal();
  }
}
