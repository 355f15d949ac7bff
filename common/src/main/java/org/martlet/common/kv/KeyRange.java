package org.martlet.common.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A range of keys in the order of unsigned bytes, with or without ends.
public final class KeyRange {
  private static final KeyRange ALL = new KeyRange(null, null);

  private final byte @Nullable [] lower;
  private final byte @Nullable [] upper;

  private KeyRange(byte @Nullable [] lower, byte @Nullable [] upper) {
    this.lower = lower;
    this.upper = upper;
  }

  public static KeyRange all() {
    return ALL;
  }

  /// From `lower`, inclusive, to `upper`, exclusive. Null is no bound.
  public static KeyRange of(byte @Nullable [] lower, byte @Nullable [] upper) {
    return new KeyRange(lower == null ? null : lower.clone(), upper == null ? null : upper.clone());
  }

  /// All keys that begin with these bytes.
  public static KeyRange startingWith(byte[] prefix) {
    return new KeyRange(prefix.clone(), successor(prefix));
  }

  /// The least key above every key that begins with these bytes; null if there is none.
  public static byte @Nullable [] successor(byte[] prefix) {
    for (int i = prefix.length - 1; i >= 0; i--) {
      if (prefix[i] != (byte) 0xff) {
        byte[] next = Arrays.copyOf(prefix, i + 1);
        next[i]++;
        return next;
      }
    }
    return null;
  }

  /// The first key that may be in it; null if there is no bound. Not to be changed.
  public byte @Nullable [] lower() {
    return lower;
  }

  /// The first key past it; null if there is no bound. Not to be changed.
  public byte @Nullable [] upper() {
    return upper;
  }

  public boolean contains(byte[] key) {
    return (lower == null || Arrays.compareUnsigned(key, lower) >= 0)
        && (upper == null || Arrays.compareUnsigned(key, upper) < 0);
  }
}
