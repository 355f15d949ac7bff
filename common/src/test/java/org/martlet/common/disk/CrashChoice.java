package org.martlet.common.disk;

import java.util.Random;

/// Decides what of the unsynced state a power loss leaves.
public interface CrashChoice {
  /// A number from 0, inclusive, to `bound`, exclusive. A higher one keeps more of what was
  /// written, for the extremes.
  int below(int bound);

  /// Whether sectors that were allocated but never written hold junk instead of zeros.
  boolean junk();

  /// Nothing that was not synced survives.
  static CrashChoice keepNothing() {
    return fixed(false);
  }

  /// Everything survives: only the process died.
  static CrashChoice keepEverything() {
    return fixed(true);
  }

  private static CrashChoice fixed(boolean keep) {
    return new CrashChoice() {
      @Override
      public int below(int bound) {
        return keep ? bound - 1 : 0;
      }

      @Override
      public boolean junk() {
        return false;
      }
    };
  }

  /// Any mixture; one time in four, an extreme one.
  static CrashChoice random(Random random) {
    int kind = random.nextInt(8);
    if (kind < 2) {
      return fixed(kind == 0);
    }
    boolean junk = random.nextBoolean();
    return new CrashChoice() {
      @Override
      public int below(int bound) {
        return random.nextInt(bound);
      }

      @Override
      public boolean junk() {
        return junk;
      }
    };
  }
}
