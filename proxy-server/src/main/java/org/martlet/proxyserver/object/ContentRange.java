package org.martlet.proxyserver.object;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One part of an object: `bytes <first>-<last>/<total>`.
///
/// @param first offset of the first byte
/// @param last offset of the last byte, inclusive
/// @param total bytes of the whole object
record ContentRange(long first, long last, long total) {
  private static final Pattern FORM = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  /// Nothing if it is no such text or makes no sense.
  static Optional<ContentRange> parse(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    Matcher match = FORM.matcher(header);
    if (!match.matches()) {
      return Optional.empty();
    }
    ContentRange range =
        new ContentRange(
            Long.parseLong(match.group(1)),
            Long.parseLong(match.group(2)),
            Long.parseLong(match.group(3)));
    return range.first <= range.last && range.last < range.total
        ? Optional.of(range)
        : Optional.empty();
  }

  long length() {
    return last - first + 1;
  }

  ContentRange from(long offset) {
    return new ContentRange(first + offset, last, total);
  }

  /// As a request asks for it.
  String request() {
    return "bytes=" + first + "-" + last;
  }
}
