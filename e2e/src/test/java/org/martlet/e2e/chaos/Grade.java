package org.martlet.e2e.chaos;

/// How much is broken, from least to most: what reads may be held to.
enum Grade {
  /// Every process is up and reaches every other; no copy was lost since replicas were equal.
  CALM,
  /// One node at a time is broken: each acknowledged write has a copy elsewhere.
  ONE,
  /// Copies of one device were lost and are not all repaired: with its acknowledging majority
  /// broken, an older state may be found.
  LOSS,
  /// Several nodes: only safety counts.
  MANY;

  Grade worse(Grade other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
