package org.martlet.common.http;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The conditions under which a client wants what it asks for.
///
/// Order as in Swift: If-None-Match, If-Match, If-Modified-Since, If-Unmodified-Since; the first
/// that decides wins. Fields that are not understood are ignored; so is If-Range.
public final class Conditions {
  /// The names of the headers.
  public static final List<String> NAMES =
      List.of("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since");

  private Conditions() {}

  /// 200 if it may be sent, else 304 or 412.
  ///
  /// @param etag without quotes
  /// @param lastModified seconds since the epoch
  public static int status(Headers request, String etag, long lastModified) {
    if (names(request, "If-None-Match", etag) == Match.YES) {
      return 304;
    }
    if (names(request, "If-Match", etag) == Match.NO) {
      return 412;
    }
    OptionalLong modifiedSince = date(request, "If-Modified-Since");
    if (modifiedSince.isPresent() && lastModified <= modifiedSince.getAsLong()) {
      return 304;
    }
    OptionalLong unmodifiedSince = date(request, "If-Unmodified-Since");
    return unmodifiedSince.isPresent() && lastModified > unmodifiedSince.getAsLong() ? 412 : 200;
  }

  /// Whether the tags of that header's fields name this ETag (`*` names any).
  public static Match names(Headers request, String header, String etag) {
    List<String> values = request.all(header);
    Match match = Match.ABSENT;
    for (String value : values) {
      for (String tag : value.split(",")) {
        String bare = unquoted(tag.strip());
        if (bare.equals("*") || bare.equals(etag)) {
          return Match.YES;
        }
        match = bare.isEmpty() ? match : Match.NO;
      }
    }
    return match;
  }

  /// The outcome of comparing an ETag with a list of tags.
  public enum Match {
    /// There is no such list.
    ABSENT,
    YES,
    NO
  }

  public static String unquoted(String tag) {
    boolean quoted = tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"");
    return quoted ? tag.substring(1, tag.length() - 1) : tag;
  }

  private static OptionalLong date(Headers request, String header) {
    @Nullable String value = request.get(header);
    return value == null ? OptionalLong.empty() : HttpDate.parse(value);
  }
}
