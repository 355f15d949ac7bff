package org.martlet.common.replication;

import java.util.Optional;
import org.martlet.common.model.ObjectHash;

/// A range of hashes.
///
/// @param first inclusive
/// @param last inclusive, not below `first`
public record HashRange(ObjectHash first, ObjectHash last) {
  public HashRange {
    if (first.compareTo(last) > 0) {
      throw new IllegalArgumentException(
          "hash range ends before it begins: " + first + ", " + last);
    }
  }

  public boolean contains(ObjectHash hash) {
    return first.compareTo(hash) <= 0 && hash.compareTo(last) <= 0;
  }

  /// The same range up to a hash in it.
  public HashRange upTo(ObjectHash hash) {
    return new HashRange(first, hash);
  }

  /// What is left of the range after a hash in it; empty at its end.
  public Optional<HashRange> after(ObjectHash hash) {
    if (hash.compareTo(last) >= 0) {
      return Optional.empty();
    }
    long low = hash.low() + 1;
    return Optional.of(new HashRange(new ObjectHash(hash.high() + (low == 0 ? 1 : 0), low), last));
  }
}
