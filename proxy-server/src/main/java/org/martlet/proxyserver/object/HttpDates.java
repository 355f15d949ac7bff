package org.martlet.proxyserver.object;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.martlet.common.model.Timestamp;

/// Dates as HTTP writes them.
final class HttpDates {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private HttpDates() {}

  /// `Last-Modified` of something changed then: rounded up to whole seconds.
  static String lastModified(Timestamp changed) {
    return FORMAT.format(Instant.ofEpochSecond(changed.secondsRoundedUp()));
  }
}
