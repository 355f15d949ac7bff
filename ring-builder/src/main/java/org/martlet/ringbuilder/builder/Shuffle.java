package org.martlet.ringbuilder.builder;

import java.util.Random;

/// Fisher and Yates' shuffle, on the one generator whose sequence for a seed the JDK fixes for
/// ever.
final class Shuffle {
  private final Random random;

  Shuffle(long seed) {
    this.random = new Random(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  int[] all(int[] values) {
    return range(values, 0, values.length);
  }

  /// Shuffles the values from one index up to, not including, another, in place.
  int[] range(int[] values, int from, int to) {
    for (int i = to - 1; i > from; i--) {
      int j = from + random.nextInt(i - from + 1);
      int value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
    return values;
  }
}
