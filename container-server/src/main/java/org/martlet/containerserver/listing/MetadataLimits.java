package org.martlet.containerserver.listing;

import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// How much user metadata a listing may have; system metadata is not counted.
///
/// @param maxCount entries
/// @param maxBytes names, without their common prefix, and values
public record MetadataLimits(int maxCount, int maxBytes) {
  /// Swift's.
  public static final MetadataLimits DEFAULT = new MetadataLimits(90, 4096);

  private static final String ACCOUNT = "x-account-meta-";
  private static final String CONTAINER = "x-container-meta-";

  public MetadataLimits {
    if (maxCount < 0 || maxBytes < 0) {
      throw new IllegalArgumentException("a limit on metadata is negative");
    }
  }

  /// What is wrong with metadata, in Swift's words; null if nothing is.
  @Nullable String violation(SortedMap<String, MetadataValue> metadata) {
    int count = 0;
    int bytes = 0;
    for (Map.Entry<String, MetadataValue> entry : metadata.entrySet()) {
      String name = entry.getKey();
      String value = entry.getValue().value();
      int prefix = userPrefix(name);
      if (prefix > 0 && !value.isEmpty()) {
        count++;
        bytes += name.length() - prefix + value.length();
      }
    }
    if (count > maxCount) {
      return "Too many metadata items; max " + maxCount;
    }
    return bytes > maxBytes ? "Total metadata too large; max " + maxBytes : null;
  }

  private static int userPrefix(String name) {
    if (name.startsWith(CONTAINER)) {
      return CONTAINER.length();
    }
    return name.startsWith(ACCOUNT) ? ACCOUNT.length() : 0;
  }
}
