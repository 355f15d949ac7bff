package org.martlet.terminal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.model.Timestamp;

/// Numbers and moments as people read them.
public final class Words {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int PERCENT = 100;

  private Words() {}

  /// `1.4 GiB`; exact below 1 KiB; a dash for what is not known.
  public static String size(long bytes) {
    if (bytes < 0) {
      return "-";
    }
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit + 1 < UNITS.length) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }

  /// `1,234,567`; a dash for what is not known.
  public static String count(long number) {
    return number < 0 ? "-" : String.format(Locale.ROOT, "%,d", number);
  }

  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * PERCENT);
  }

  /// `2026-11-22 21:08:44 UTC`.
  public static String date(Instant moment) {
    return DATE.format(moment) + " UTC";
  }

  /// A Swift timestamp with its date.
  public static String moment(String timestamp) {
    return timestamp + "  " + date(Timestamp.parse(timestamp).toInstant());
  }

  /// How long ago, in the largest unit that fits.
  public static String age(Instant then, Instant now) {
    long seconds = Math.max(0, now.getEpochSecond() - then.getEpochSecond());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + " min";
    }
    return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
  }

  /// How long something takes, in its two largest units: `3 h 20 min`.
  public static String duration(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    return seconds < 86_400
        ? seconds / 3600 + " h " + seconds % 3600 / 60 + " min"
        : seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
  }

  /// A header's value as text: it is stored one char a byte.
  public static String header(String value) {
    if (value.chars().anyMatch(c -> c > 0xff)) {
      return value;
    }
    @Nullable String text = PercentCoding.utf8(value.getBytes(StandardCharsets.ISO_8859_1));
    return text == null ? value : text;
  }
}
