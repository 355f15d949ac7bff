package org.martlet.ringbuilder.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/// Numbers in the words of Swift's tool, so that what reads its output reads ours.
final class Numbers {
  private static final double WITHOUT_EXPONENT = 1e16;

  private Numbers() {}

  /// The shortest decimal number that means the same: `100.0`, `0.25`, `16000000.0`.
  static String decimal(double number) {
    if (Math.abs(number) >= WITHOUT_EXPONENT) {
      return Double.toString(number);
    }
    String plain = BigDecimal.valueOf(number).toPlainString();
    return plain.indexOf('.') < 0 ? plain + ".0" : plain;
  }

  /// `H:MM:SS`, from a day on `2 days, H:MM:SS`.
  static String time(Duration time) {
    String rest =
        String.format(
            Locale.ROOT,
            "%d:%02d:%02d",
            time.toHoursPart(),
            time.toMinutesPart(),
            time.toSecondsPart());
    long days = time.toDays();
    return days == 0 ? rest : days + (days == 1 ? " day, " : " days, ") + rest;
  }
}
