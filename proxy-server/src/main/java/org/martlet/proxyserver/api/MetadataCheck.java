package org.martlet.proxyserver.api;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.martlet.common.http.Headers;
import org.martlet.common.http.PercentCoding;

/// Adds up one request's metadata and stops at the first limit that it exceeds.
final class MetadataCheck {
  private final Constraints limits;
  private final Constraints.Target target;
  private int count;
  private int overall;

  MetadataCheck(Constraints limits, Constraints.Target target) {
    this.limits = limits;
    this.target = target;
  }

  void check(Headers headers) {
    headers.forEach(this::field);
  }

  private void field(String name, String value) {
    if (value.length() > limits.maxHeaderSize()) {
      throw ApiException.badRequest("Header value too long: " + shortened(name));
    }
    String prefix = target.prefix();
    if (name.toLowerCase(Locale.ROOT).startsWith(prefix)) {
      metadata(prefix, name.substring(prefix.length()), value);
    }
  }

  private void metadata(String prefix, String key, String value) {
    if (key.isEmpty()) {
      throw ApiException.badRequest("Metadata name cannot be empty");
    }
    if (target != Constraints.Target.OBJECT && !(isText(key) && isText(value))) {
      throw ApiException.badRequest("Metadata must be valid UTF-8");
    }
    Constraints.Metadata max = limits.metadata();
    if (key.length() > max.name()) {
      throw ApiException.badRequest("Metadata name too long: " + shortened(prefix + key));
    }
    if (value.length() > max.value()) {
      throw ApiException.badRequest(
          "Metadata value longer than " + max.value() + ": " + shortened(prefix + key));
    }
    if (++count > max.count()) {
      throw ApiException.badRequest("Too many metadata items; max " + max.count());
    }
    overall += key.length() + value.length();
    if (overall > max.overall()) {
      throw ApiException.badRequest("Total metadata too large; max " + max.overall());
    }
  }

  /// Header text holds one byte a char.
  private static boolean isText(String latin1) {
    return PercentCoding.utf8(latin1.getBytes(StandardCharsets.ISO_8859_1)) != null;
  }

  private String shortened(String name) {
    int max = target.prefix().length() + limits.metadata().name();
    return name.length() <= max ? name : name.substring(0, max);
  }
}
