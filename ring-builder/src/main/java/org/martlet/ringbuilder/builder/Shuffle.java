package org.martlet.ringbuilder.builder;

/// Fisher and Yates' shuffle, on SplitMix64: a seed gives the same sequence on every platform
/// and for ever.
final class Shuffle {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private long state;

  Shuffle(long seed) {
    this.state = seed;
  }

  private long next() {
    state += GOLDEN;
    long mixed = state;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /// From 0 up to, not including, the bound.
  int below(int bound) {
    return (int) Math.unsignedMultiplyHigh(next(), bound);
  }

  int[] all(int[] values) {
    return range(values, 0, values.length);
  }

  /// Shuffles the values from one index up to, not including, another, in place.
  int[] range(int[] values, int from, int to) {
    for (int i = to - 1; i > from; i--) {
      int j = from + below(i - from + 1);
      int value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
    return values;
  }
}
