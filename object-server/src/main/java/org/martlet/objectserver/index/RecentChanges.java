package org.martlet.objectserver.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.martlet.objectserver.state.ObjectKey;

/// Which keys the last few changes of an index were about: what was read before a change is queued
/// need not be read again when the change is made.
///
/// Threads: [#count] from any; the rest from the one that changes the index.
final class RecentChanges {
  /// A change waits for one or two others as a rule; each is of up to a few hundred keys.
  private static final int KEPT = 8;

  private final List<Set<ObjectKey>> kept = new ArrayList<>();
  private volatile long count;

  RecentChanges() {
    for (int n = 0; n < KEPT; n++) {
      kept.add(Set.of());
    }
  }

  /// How many changes there were. Read before the index is, it says of what is found there that it
  /// is as of that change or later.
  long count() {
    return count;
  }

  /// Notes a change that has become visible.
  void add(Set<ObjectKey> keys) {
    long next = count + 1;
    kept.set((int) (next % KEPT), keys);
    count = next;
  }

  /// Whether a key is known to be as it was.
  ///
  /// @param asOf what [#count] was before it was read
  boolean isUnchanged(ObjectKey key, long asOf) {
    long now = count;
    if (asOf < 0 || now - asOf > KEPT) {
      return false;
    }
    for (long change = asOf + 1; change <= now; change++) {
      if (kept.get((int) (change % KEPT)).contains(key)) {
        return false;
      }
    }
    return true;
  }
}
