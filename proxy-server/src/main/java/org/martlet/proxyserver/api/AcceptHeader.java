package org.martlet.proxyserver.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The media types that a client takes, best first: by quality, then those without a star.
final class AcceptHeader {
  private static final String TOKEN = "[^()<>@,;:\\\\\"/\\[\\]?={}\\x00-\\x20\\x7f]+";
  private static final Pattern TYPE =
      Pattern.compile("\\s*(" + TOKEN + ")/(" + TOKEN + ")\\s*((?:;.*)?)");
  private static final Pattern QUALITY = Pattern.compile("[01](\\.\\d{0,16})?|\\.\\d{1,16}");

  private final List<Range> ranges;

  private AcceptHeader(List<Range> ranges) {
    this.ranges = ranges;
  }

  private record Range(String type, String subtype, double quality) {
    boolean isExact() {
      return !type.equals("*") && !subtype.equals("*");
    }

    boolean matches(String mediaType) {
      int slash = mediaType.indexOf('/');
      return (type.equals("*") || type.equals(mediaType.substring(0, slash)))
          && (subtype.equals("*") || subtype.equals(mediaType.substring(slash + 1)));
    }
  }

  /// @throws ApiException 400 if the header makes no sense
  static AcceptHeader parse(String value) {
    List<Range> ranges = new ArrayList<>();
    if (!value.isBlank()) {
      for (String part : value.split(",", -1)) {
        ranges.add(range(part));
      }
    }
    ranges.sort(
        Comparator.comparingDouble(Range::quality).thenComparing(Range::isExact).reversed());
    return new AcceptHeader(ranges);
  }

  private static Range range(String part) {
    Matcher match = TYPE.matcher(part);
    if (!match.matches()) {
      throw invalid();
    }
    double quality = 1;
    for (String parameter : match.group(3).split(";", -1)) {
      String stripped = parameter.strip();
      int equals = stripped.indexOf('=');
      if (!stripped.isEmpty() && equals < 0) {
        throw invalid();
      }
      if (!stripped.isEmpty() && stripped.substring(0, equals).strip().equals("q")) {
        quality = quality(stripped.substring(equals + 1).strip());
      }
    }
    return new Range(match.group(1), match.group(2), quality);
  }

  private static double quality(String text) {
    if (!QUALITY.matcher(text).matches()) {
      throw invalid();
    }
    return Double.parseDouble(text);
  }

  private static ApiException invalid() {
    return ApiException.badRequest("Invalid Accept header");
  }

  /// The first of these that suits best; the first of all where the client does not say.
  Optional<String> best(List<String> offered) {
    if (ranges.isEmpty()) {
      return Optional.of(offered.getFirst());
    }
    return ranges.stream().flatMap(range -> offered.stream().filter(range::matches)).findFirst();
  }
}
