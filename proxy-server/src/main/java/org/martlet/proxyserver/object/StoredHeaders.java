package org.martlet.proxyserver.object;

import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.PercentCoding;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.RequestFlags;

/// Which of a client's headers are kept with an object, checked and in their stored form.
final class StoredHeaders {
  private static final long LAST_SECOND = 9_999_999_999L;
  private static final Set<String> KEPT =
      Set.of(
          "content-disposition",
          "content-encoding",
          "content-language",
          "cache-control",
          "expires",
          "x-robots-tag",
          "x-object-manifest");

  private StoredHeaders() {}

  /// For PUT.
  ///
  /// @param objectName for the content type where none is given
  /// @throws ApiException 400 for whatever is not well formed
  static Headers ofPut(Headers request, String objectName, Instant now) {
    Headers stored = ofPost(request, now);
    String given = request.getOr("Content-Type", "");
    if (given.isEmpty() || RequestFlags.isTrue(request, "X-Detect-Content-Type")) {
      stored.set("Content-Type", ContentTypes.guess(objectName));
    }
    return stored;
  }

  /// For POST: the content type only if it is given.
  ///
  /// @throws ApiException 400 for whatever is not well formed
  static Headers ofPost(Headers request, Instant now) {
    if (request.contains("X-Static-Large-Object")) {
      throw ApiException.badRequest("X-Static-Large-Object cannot be set");
    }
    checkManifest(request.get("X-Object-Manifest"));
    Headers stored = new Headers();
    request.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (lower.startsWith("x-object-meta-") || KEPT.contains(lower)) {
            stored.set(name, value);
          }
        });
    String type = request.getOr("Content-Type", "");
    if (!type.isEmpty()) {
      stored.set("Content-Type", checkContentType(type));
    }
    String deleteAt = deleteAt(request, now);
    if (deleteAt != null) {
      stored.set("X-Delete-At", deleteAt);
    }
    return stored;
  }

  private static String checkContentType(String type) {
    String[] parts = type.split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].strip().toLowerCase(Locale.ROOT).startsWith("swift_")) {
        throw ApiException.badRequest(
            "Invalid Content-Type, swift_* is not a valid parameter name.");
      }
    }
    return type;
  }

  private static void checkManifest(@Nullable String manifest) {
    if (manifest == null || manifest.isEmpty()) {
      return;
    }
    String value = PercentCoding.decodeName(manifest).orElse("");
    int slash = value.indexOf('/');
    boolean good =
        slash > 0
            && slash + 1 < value.length()
            && value.charAt(slash + 1) != '/'
            && value.indexOf('?') < 0
            && value.indexOf('&') < 0;
    if (!good) {
      throw ApiException.badRequest("X-Object-Manifest must be in the format container/prefix");
    }
  }

  /// When the object ends, as ten digits; null if it does not.
  private static @Nullable String deleteAt(Headers request, Instant now) {
    String after = request.getOr("X-Delete-After", "");
    String at = request.getOr("X-Delete-At", "");
    if (after.isEmpty() && at.isEmpty()) {
      return null;
    }
    String name = after.isEmpty() ? "X-Delete-At" : "X-Delete-After";
    long seconds = seconds(name, after.isEmpty() ? at : after);
    long end = after.isEmpty() ? seconds : now.getEpochSecond() + seconds;
    if (end <= now.getEpochSecond()) {
      throw ApiException.badRequest(name + " in past");
    }
    return String.format(Locale.ROOT, "%010d", Math.min(end, LAST_SECOND));
  }

  private static long seconds(String name, String text) {
    String digits = text.strip();
    try {
      long value = Long.parseLong(digits);
      return Math.clamp(value, -LAST_SECOND, LAST_SECOND);
    } catch (NumberFormatException e) {
      if (digits.length() > 18 && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return LAST_SECOND;
      }
      throw ApiException.badRequest("Non-integer " + name);
    }
  }
}
