package org.martlet.objectserver.index;

import org.martlet.common.kv.KeyRange;
import org.martlet.common.model.ObjectHash;
import org.martlet.objectserver.state.ObjectKey;

/// How an index keeps its digests: how fine, and in which of two key spaces, so that finer ones can
/// be made beside those that are in use.
///
/// @param bits how many leading bits of the hash select a leaf; at most 24 where leaves are stored
/// @param generation 0 or 1: the key space, in a bit of the stored number that no leaf needs
record LeafForm(int bits, int generation) {
  private static final int GENERATION_SHIFT = 30;
  private static final int LEAF_MASK = (1 << GENERATION_SHIFT) - 1;

  LeafForm {
    if (generation < 0 || generation > 1) {
      throw new IllegalArgumentException("no generation of leaves: " + generation);
    }
  }

  /// Where the digest of a record is.
  LeafName nameOf(ObjectKey key) {
    return name(key.policy(), leafOf(key.hash(), bits));
  }

  LeafName name(int policy, int leaf) {
    return new LeafName(policy, leaf | (generation << GENERATION_SHIFT));
  }

  /// The leaves of a policy from one to another, both inclusive.
  KeyRange range(int policy, int from, int to) {
    return KeyRange.of(name(policy, from).key(), name(policy, to).keyBehind());
  }

  /// All leaves of a policy, however many bits they have.
  KeyRange range(int policy) {
    return KeyRange.of(first(policy).key(), last(policy).keyBehind());
  }

  LeafName first(int policy) {
    return name(policy, 0);
  }

  LeafName last(int policy) {
    return name(policy, LEAF_MASK);
  }

  boolean isOf(LeafName name) {
    return name.number() >>> GENERATION_SHIFT == generation;
  }

  static int leafOf(ObjectHash hash, int bits) {
    return hash.partition(bits).value();
  }

  /// With more bits, in the other key space.
  LeafForm refined(int more) {
    return new LeafForm(more, 1 - generation);
  }
}
