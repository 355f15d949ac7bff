package org.martlet.containerserver.listing;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.Timestamp;

/// How much user metadata a listing may have; system metadata is not counted.
///
/// What was removed is kept for its clock, so that a replica that missed the removal learns of it:
/// for the reclaim age, and the newest only where there is more than ten times of what the limits
/// allow. So a tenant cannot grow the record by removing names, and is never locked out either.
///
/// @param maxCount entries
/// @param maxBytes names, without their common prefix, and values
/// @param reclaimAge how long removed entries are kept
public record MetadataLimits(int maxCount, int maxBytes, Duration reclaimAge) {
  /// Swift's.
  public static final MetadataLimits DEFAULT = new MetadataLimits(90, 4096, Duration.ofDays(7));

  private static final int REMOVED_TO_LIVE = 10;
  private static final String ACCOUNT = "x-account-meta-";
  private static final String CONTAINER = "x-container-meta-";

  public MetadataLimits {
    if (maxCount < 0 || maxBytes < 0 || reclaimAge.isNegative()) {
      throw new IllegalArgumentException("a limit on metadata is negative");
    }
  }

  /// What is wrong with metadata, in Swift's words; null if nothing is.
  @Nullable String violation(SortedMap<String, MetadataValue> metadata) {
    int count = 0;
    int bytes = 0;
    for (Map.Entry<String, MetadataValue> entry : metadata.entrySet()) {
      String name = entry.getKey();
      MetadataValue value = entry.getValue();
      int prefix = userPrefix(name);
      if (prefix > 0 && !value.isRemoved()) {
        count++;
        bytes += name.length() - prefix + value.value().length();
      }
    }
    if (count > maxCount) {
      return "Too many metadata items; max " + maxCount;
    }
    return bytes > maxBytes ? "Total metadata too large; max " + maxBytes : null;
  }

  /// Metadata without the removed entries that need not be kept.
  SortedMap<String, MetadataValue> kept(SortedMap<String, MetadataValue> metadata, Timestamp now) {
    List<Map.Entry<String, MetadataValue>> removed =
        metadata.entrySet().stream()
            .filter(entry -> entry.getValue().isRemoved())
            .sorted(Map.Entry.comparingByValue(Comparator.comparing(MetadataValue::clock)))
            .toList()
            .reversed();
    if (removed.isEmpty()) {
      return metadata;
    }
    Instant reclaimed = now.toInstant().minus(reclaimAge);
    SortedMap<String, MetadataValue> kept = new TreeMap<>(metadata);
    long count = 0;
    long bytes = 0;
    for (Map.Entry<String, MetadataValue> entry : removed) {
      String name = entry.getKey();
      int prefix = userPrefix(name);
      if (prefix > 0) {
        count++;
        bytes += name.length() - prefix;
      }
      boolean tooMuch =
          count > (long) REMOVED_TO_LIVE * maxCount || bytes > (long) REMOVED_TO_LIVE * maxBytes;
      boolean tooOld = entry.getValue().clock().toInstant().isBefore(reclaimed);
      if (tooOld || (prefix > 0 && tooMuch)) {
        kept.remove(name);
      }
    }
    return kept;
  }

  private static int userPrefix(String name) {
    if (name.startsWith(CONTAINER)) {
      return CONTAINER.length();
    }
    return name.startsWith(ACCOUNT) ? ACCOUNT.length() : 0;
  }
}
