package org.martlet.replicator.listing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.ListingEntry;

/// In which listings two pages differ, as far as both reach.
///
/// @param differing in order, also those that only one side has
/// @param rest what both pages together do not cover; empty if they do
record ListingDifferences(List<ObjectHash> differing, Optional<HashRange> rest) {
  static ListingDifferences of(
      ListingReplica.Listed ours, ListingReplica.Listed theirs, HashRange range) {
    Optional<ObjectHash> next = earlier(ours.next(), theirs.next());
    Map<ObjectHash, Digest> here = byHash(ours.entries());
    Map<ObjectHash, Digest> there = byHash(theirs.entries());
    TreeSet<ObjectHash> either = new TreeSet<>(here.keySet());
    either.addAll(there.keySet());
    List<ObjectHash> differing =
        either.stream()
            .filter(hash -> next.isEmpty() || hash.compareTo(next.get()) < 0)
            .filter(
                hash ->
                    !here.getOrDefault(hash, Digest.ZERO)
                        .equals(there.getOrDefault(hash, Digest.ZERO)))
            .toList();
    return new ListingDifferences(differing, next.map(at -> new HashRange(at, range.last())));
  }

  private static Optional<ObjectHash> earlier(Optional<ObjectHash> a, Optional<ObjectHash> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() ? b : a;
    }
    return a.get().compareTo(b.get()) <= 0 ? a : b;
  }

  private static Map<ObjectHash, Digest> byHash(List<ListingEntry> entries) {
    Map<ObjectHash, Digest> digests = new HashMap<>();
    entries.forEach(entry -> digests.put(entry.hash(), entry.digest()));
    return digests;
  }
}
