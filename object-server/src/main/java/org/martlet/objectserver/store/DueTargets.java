package org.martlet.objectserver.store;

/// A set of targets, numbered 0 to 63, that a listing update is due to. What a number stands for
/// is the caller's business; the engine keeps it.
///
/// @param mask bit n set: target n
public record DueTargets(long mask) {
  public static final DueTargets NONE = new DueTargets(0);
  public static final int LIMIT = Long.SIZE;

  public static DueTargets of(int... targets) {
    long mask = 0;
    for (int target : targets) {
      if (target < 0 || target >= LIMIT) {
        throw new IllegalArgumentException("target is not in 0..63: " + target);
      }
      mask |= 1L << target;
    }
    return new DueTargets(mask);
  }

  public boolean isEmpty() {
    return mask == 0;
  }
}
