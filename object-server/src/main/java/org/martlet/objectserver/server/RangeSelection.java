package org.martlet.objectserver.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which parts of a body a `Range` header asks for.
sealed interface RangeSelection {
  /// More parts than this are refused.
  int MAX_RANGES = 50;

  /// More pairs that overlap than this are refused.
  int MAX_OVERLAPS = 2;

  /// As many parts that do not ascend are refused.
  int MAX_UNORDERED = 8;

  /// All of it: no range, or none that is understood.
  record Whole() implements RangeSelection {}

  /// Nothing of it: answered with 416.
  record Unsatisfiable() implements RangeSelection {}

  /// Some parts, at least one, in the order asked for.
  record Parts(List<ByteRange> ranges) implements RangeSelection {}

  /// Understands `bytes=a-b`, `a-`, `-n` and lists of them, by Swift's rules: what is not
  /// understood selects the whole, parts beyond the end are left out, and lists that only an
  /// attacker sends are unsatisfiable. A suffix of an empty body selects the whole.
  ///
  /// @param header null if there is none
  /// @param length of the body
  static RangeSelection of(@Nullable String header, long length) {
    @Nullable List<long[]> asked = header == null ? null : parse(header);
    if (asked == null) {
      return new Whole();
    }
    List<ByteRange> ranges = new ArrayList<>(asked.size());
    for (long[] range : asked) {
      if (length == 0 && range[0] < 0 && range[1] > 0) {
        return new Whole();
      }
      long start = range[0] >= 0 ? range[0] : Math.max(0, length - range[1]);
      long end = range[0] < 0 || range[1] < 0 ? length : Math.min(length, range[1] + 1);
      if (start < end) {
        ranges.add(new ByteRange(start, end));
      }
    }
    return ranges.isEmpty() || isAbuse(ranges) ? new Unsatisfiable() : new Parts(ranges);
  }

  private static boolean isAbuse(List<ByteRange> ranges) {
    return ranges.size() > MAX_RANGES
        || overlaps(ranges) > MAX_OVERLAPS
        || (ranges.size() >= MAX_UNORDERED && !ascend(ranges));
  }

  private static int overlaps(List<ByteRange> ranges) {
    int overlaps = 0;
    for (int i = 0; i < ranges.size(); i++) {
      for (int j = i + 1; j < ranges.size(); j++) {
        overlaps += ranges.get(i).overlaps(ranges.get(j)) ? 1 : 0;
      }
    }
    return overlaps;
  }

  private static boolean ascend(List<ByteRange> ranges) {
    for (int i = 1; i < ranges.size(); i++) {
      if (ranges.get(i - 1).start() >= ranges.get(i).start()) {
        return false;
      }
    }
    return true;
  }

  /// Pairs of first and last byte, -1 where open; null if the header is not understood.
  private static @Nullable List<long[]> parse(String header) {
    String compact = header.replace(" ", "").toLowerCase(Locale.ROOT);
    if (!compact.startsWith("bytes=")) {
      return null;
    }
    List<long[]> ranges = new ArrayList<>();
    for (String part : compact.substring("bytes=".length()).split(",", -1)) {
      int dash = part.indexOf('-');
      if (dash < 0) {
        return null;
      }
      long first = number(part.substring(0, dash));
      long last = number(part.substring(dash + 1));
      boolean invalid = first == INVALID || last == INVALID;
      if (invalid || (first < 0 && last < 0) || (first >= 0 && last >= 0 && last < first)) {
        return null;
      }
      ranges.add(new long[] {first, last});
    }
    return ranges;
  }

  /// Stands for what is not a number.
  long INVALID = -2;

  /// -1 for nothing, [#INVALID] for what is not a number; capped well below overflow.
  private static long number(String digits) {
    if (digits.isEmpty()) {
      return -1;
    }
    if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return INVALID;
    }
    String significant = digits.replaceFirst("^0+(?=.)", "");
    return significant.length() > 18 ? Long.MAX_VALUE / 2 : Long.parseLong(significant);
  }
}
