package org.martlet.containerserver.server;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Refused;

/// In which form a listing is sent.
enum ListingFormat {
  PLAIN("text/plain"),
  JSON("application/json"),
  XML("application/xml"),
  TEXT_XML("text/xml");

  private final String type;

  ListingFormat(String type) {
    this.type = type;
  }

  String contentType() {
    return type + "; charset=utf-8";
  }

  /// Swift's choice: the parameter if there is one, else the best of what is accepted.
  ///
  /// @param format the parameter, null if there is none
  /// @param accept the header, null if there is none
  /// @throws Refused 406 if nothing fits
  static ListingFormat choose(@Nullable String format, @Nullable String accept) {
    if (format != null && !format.isEmpty()) {
      return switch (format.toLowerCase(Locale.ROOT)) {
        case "json" -> JSON;
        case "xml" -> XML;
        default -> PLAIN;
      };
    }
    return accept == null || accept.isBlank() ? PLAIN : accepted(accept);
  }

  private static ListingFormat accepted(String accept) {
    ListingFormat best = PLAIN;
    double bestQuality = 0;
    for (ListingFormat candidate : List.of(values())) {
      double quality = 0;
      for (String range : accept.split(",")) {
        quality = Math.max(quality, quality(range, candidate.type));
      }
      if (quality > bestQuality) {
        best = candidate;
        bestQuality = quality;
      }
    }
    if (bestQuality == 0) {
      throw new Refused(406, "None of the accepted types can be sent");
    }
    return best;
  }

  /// 0 if a media range does not cover a type.
  private static double quality(String range, String type) {
    String[] parts = range.split(";");
    String pattern = parts[0].strip().toLowerCase(Locale.ROOT);
    boolean covers =
        pattern.equals("*/*")
            || pattern.equals("*")
            || pattern.equals(type)
            || (pattern.endsWith("/*")
                && type.startsWith(pattern.substring(0, pattern.length() - 1)));
    if (!covers) {
      return 0;
    }
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
      if (parameter.startsWith("q=")) {
        return weight(parameter.substring(2));
      }
    }
    return 1;
  }

  private static double weight(String text) {
    try {
      double weight = Double.parseDouble(text.strip());
      return weight >= 0 && weight <= 1 ? weight : 0;
    } catch (NumberFormatException e) {
      throw new Refused(400, "Invalid Accept header");
    }
  }
}
