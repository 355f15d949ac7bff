package org.martlet.objectserver.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.objectserver.index.IndexEntry;
import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.volume.Envelope;

/// What is there when a mutation is decided: the index entry and, once somebody needed it, the
/// whole record.
///
/// @param entry null if the key was never seen
/// @param envelope null if it has not been read
record Current(@Nullable IndexEntry entry, @Nullable Envelope envelope) {
  /// The clocks of the object or tombstone; null where there is nothing.
  @Nullable ObjectClocks clocks() {
    return entry == null ? null : entry.clocks();
  }

  Optional<ObjectClocks> optionalClocks() {
    return Optional.ofNullable(clocks());
  }

  /// Whether a listing has still to be told of it.
  boolean isDue() {
    return entry != null && entry.due() != 0;
  }

  /// The sequence of what is there; 0 for nothing.
  long sequence() {
    return entry == null ? 0 : entry.sequence();
  }
}
