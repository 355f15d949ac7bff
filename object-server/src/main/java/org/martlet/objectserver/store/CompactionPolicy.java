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
  private static final double SHARE_WHEN_SHORT = 0.1;

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

  /// Where volumes are rewritten to.
  ///
  /// @param isShort whether bodies are refused, or will be soon
  /// @param room bytes that may still be written
  record Space(boolean isShort, long room) {}

  /// The volume with the most garbage, if it has enough; the oldest of several.
  ///
  /// What is of use has to have room before the volume is gone: one that is begun and cannot be
  /// finished would cost space. What cannot be rewritten now can be later: deletes need little
  /// room, and leave less to be rewritten.
  ///
  /// @param sealed sizes of the volumes that are complete, by number
  /// @param neededBytes of a volume: what is of use in it
  /// @param excluded volumes that cannot be rewritten
  OptionalInt choose(
      Map<Integer, Long> sealed,
      IntToLongFunction neededBytes,
      Space space,
      IntPredicate excluded) {
    double least = space.isShort() ? Math.min(share, SHARE_WHEN_SHORT) : share;
    return sealed.entrySet().stream()
        .filter(volume -> !excluded.test(volume.getKey()))
        .map(v -> candidate(v.getKey(), v.getValue(), neededBytes.applyAsLong(v.getKey())))
        .filter(candidate -> candidate.garbage() >= least)
        .filter(candidate -> candidate.needed() == 0 || candidate.needed() <= space.room())
        .min(MOST_GARBAGE_FIRST)
        .map(candidate -> OptionalInt.of(candidate.volume()))
        .orElseGet(OptionalInt::empty);
  }

  /// @param garbage the share of a volume that is of no use; all of it where nothing is
  private record Candidate(int volume, long needed, double garbage) {}

  private static Candidate candidate(int volume, long size, long needed) {
    double garbage = needed == 0 ? 1 : Math.max(0, 1 - (double) needed / size);
    return new Candidate(volume, needed, garbage);
  }
}
