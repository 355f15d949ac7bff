package org.martlet.replicator.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.RecordEntry;

/// All that a device has in a range of hashes, tombstones included.
///
/// @param covered the range; there is nothing in it but the entries
/// @param entries in ascending order of hash, each hash once
public record RecordPage(HashRange covered, List<RecordEntry> entries) {
  /// @throws IllegalArgumentException if entries are out of order or out of the range: a peer that
  ///     sends such a list is not to be believed
  public RecordPage {
    entries = List.copyOf(entries);
    @Nullable ObjectHash before = null;
    for (RecordEntry entry : entries) {
      if (!covered.contains(entry.hash())) {
        throw new IllegalArgumentException("not in the range that was listed: " + entry.hash());
      }
      if (before != null && before.compareTo(entry.hash()) >= 0) {
        throw new IllegalArgumentException("listing is out of order at " + entry.hash());
      }
      before = entry.hash();
    }
  }

  /// The answer to a listing with a limit: a full page covers the range only up to its last entry.
  ///
  /// @param asked the range that was asked for
  /// @param limit how many entries were asked for at most, 1 or more
  /// @throws IllegalArgumentException if there are more entries than the limit, and as the
  ///     constructor
  public static RecordPage of(HashRange asked, List<RecordEntry> entries, int limit) {
    if (limit < 1 || entries.size() > limit) {
      throw new IllegalArgumentException(entries.size() + " entries, limit " + limit);
    }
    boolean full = entries.size() == limit;
    return new RecordPage(full ? asked.upTo(entries.getLast().hash()) : asked, entries);
  }

  /// Up to where this page and another, of the same beginning, can be compared.
  ///
  /// @throws IllegalArgumentException if they begin at different hashes
  HashRange common(RecordPage other) {
    if (!covered.first().equals(other.covered.first())) {
      throw new IllegalArgumentException(
          "pages begin at " + covered.first() + " and " + other.covered.first());
    }
    ObjectHash ours = covered.last();
    ObjectHash others = other.covered.last();
    return covered.upTo(ours.compareTo(others) <= 0 ? ours : others);
  }
}
