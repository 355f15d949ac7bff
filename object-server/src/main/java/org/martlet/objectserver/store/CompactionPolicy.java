package org.martlet.objectserver.store;

import java.util.Comparator;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;

/// Decides which volume is worth rewriting: pure.
///
/// Rewriting a volume of which the share `g` is garbage costs `(1 - g) / g` bytes written for
/// each byte that it gives back. At one half that is one byte, so that a device of which half is
/// overwritten again and again writes everything twice at the worst.
final class CompactionPolicy {
  /// Where space is short, what costs up to nine bytes for one is still worth it.
  private static final double SHARE_WHEN_LOW = 0.1;

  private static final Comparator<Candidate> MOST_GARBAGE_FIRST =
      Comparator.comparingDouble(Candidate::garbage).reversed().thenComparingInt(Candidate::volume);

  private final double share;

  /// @param share of a volume that has to be garbage, above 0 and at most 1
  CompactionPolicy(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("the share of garbage is not in 0..1: " + share);
    }
    this.share = share;
  }

  /// The volume with the most garbage, if it has enough; the oldest of several.
  ///
  /// @param sealed sizes of the volumes that are complete, by number
  /// @param liveBytes of a volume: what is of use in it
  /// @param excluded volumes that cannot be rewritten
  OptionalInt choose(
      Map<Integer, Long> sealed,
      IntToLongFunction liveBytes,
      boolean spaceIsLow,
      IntPredicate excluded) {
    double least = spaceIsLow ? Math.min(share, SHARE_WHEN_LOW) : share;
    return sealed.entrySet().stream()
        .filter(volume -> !excluded.test(volume.getKey()))
        .map(
            v ->
                new Candidate(v.getKey(), garbage(v.getValue(), liveBytes.applyAsLong(v.getKey()))))
        .filter(candidate -> candidate.garbage() >= least)
        .min(MOST_GARBAGE_FIRST)
        .map(candidate -> OptionalInt.of(candidate.volume()))
        .orElseGet(OptionalInt::empty);
  }

  private record Candidate(int volume, double garbage) {}

  /// The share of a volume that is of no use; all of it where nothing is.
  private static double garbage(long size, long live) {
    return live == 0 ? 1 : Math.max(0, 1 - (double) live / size);
  }
}
