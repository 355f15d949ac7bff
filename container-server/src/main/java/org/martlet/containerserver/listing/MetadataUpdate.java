package org.martlet.containerserver.listing;

import java.util.SortedMap;
import java.util.TreeMap;
import org.martlet.common.model.Timestamp;

/// Metadata that one request sets or, with an empty value, removes.
///
/// @param at the request's clock
/// @param values by lower-case header name
public record MetadataUpdate(Timestamp at, SortedMap<String, String> values) {
  public static MetadataUpdate none(Timestamp at) {
    return new MetadataUpdate(at, new TreeMap<>());
  }

  SortedMap<String, MetadataValue> entries() {
    SortedMap<String, MetadataValue> entries = new TreeMap<>();
    values.forEach((name, value) -> entries.put(name, new MetadataValue(value, at)));
    return entries;
  }

  /// Removes everything that a listing has by now.
  static SortedMap<String, MetadataValue> removal(ListingInfo info, Timestamp at) {
    SortedMap<String, MetadataValue> entries = new TreeMap<>();
    info.metadata().keySet().forEach(name -> entries.put(name, new MetadataValue("", at)));
    return entries;
  }
}
