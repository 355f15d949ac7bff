package org.martlet.common.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as people write them: `500 ms`, `10 s`, `5 min`, `2 h`, `7 d`.
public final class DurationText {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(ms|s|min|h|d)");

  private DurationText() {}

  /// @throws IllegalArgumentException with a message that says what forms are understood
  public static Duration parse(String text) {
    Matcher match = FORM.matcher(text.strip());
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "not a duration: \""
              + text
              + "\"; write e.g. \"500 ms\", \"10 s\", \"5 min\" or \"7 d\"");
    }
    long number = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "min" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /// In the largest unit that is exact; below a millisecond it is cut.
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + " ms";
    }
    long seconds = millis / 1000;
    if (seconds % 60 != 0 || seconds == 0) {
      return seconds + " s";
    }
    if (seconds % 3600 != 0) {
      return seconds / 60 + " min";
    }
    return seconds % 86_400 != 0 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
  }
}
