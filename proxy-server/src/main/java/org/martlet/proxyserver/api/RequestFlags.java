package org.martlet.proxyserver.api;

import java.util.Locale;
import java.util.Set;
import org.martlet.common.http.Headers;

/// Headers that say yes or no.
public final class RequestFlags {
  private static final Set<String> TRUE = Set.of("true", "1", "yes", "on", "t", "y");

  private RequestFlags() {}

  /// Whether a header is there and is one of the words for yes: true, 1, yes, on, t, y.
  public static boolean isTrue(Headers headers, String name) {
    return isTrue(headers.getOr(name, ""));
  }

  static boolean isTrue(String value) {
    return TRUE.contains(value.toLowerCase(Locale.ROOT));
  }
}
