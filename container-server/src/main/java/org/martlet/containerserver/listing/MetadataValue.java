package org.martlet.containerserver.listing;

import java.util.Comparator;
import org.martlet.common.model.Timestamp;

/// One entry of a listing's metadata with the clock of its last change.
///
/// @param value bytes as on the wire, one char a byte; empty if removed, kept for its clock
public record MetadataValue(String value, Timestamp clock) {
  private static final Comparator<MetadataValue> ORDER =
      Comparator.comparing(MetadataValue::clock).thenComparing(MetadataValue::value);

  boolean isRemoved() {
    return value.isEmpty();
  }

  /// The later one; at equal clocks the larger value.
  static MetadataValue merge(MetadataValue a, MetadataValue b) {
    return ORDER.compare(a, b) >= 0 ? a : b;
  }
}
