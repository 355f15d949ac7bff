package org.martlet.common.protocol;

import java.util.Comparator;
import org.martlet.common.model.Timestamp;

/// One life of a container, from a creation to a deletion: it fixes the storage policy.
///
/// Of two that know of each other's deletion the later life wins; of two creations of the same
/// life, on replicas that did not see each other, the earlier one, because objects may follow its
/// policy already.
///
/// @param after the deletion before it, [Timestamp#ZERO] for the first life
/// @param at when it was created
/// @param policy the storage policy's index
public record Incarnation(Timestamp after, Timestamp at, int policy) {
  private static final Comparator<Incarnation> ORDER =
      Comparator.comparing(Incarnation::after)
          .thenComparing(Incarnation::at, Comparator.reverseOrder())
          .thenComparing(Incarnation::policy, Comparator.reverseOrder());

  /// The one that is in force when both are known; commutative, associative, idempotent.
  public static Incarnation merge(Incarnation a, Incarnation b) {
    return ORDER.compare(a, b) >= 0 ? a : b;
  }
}
