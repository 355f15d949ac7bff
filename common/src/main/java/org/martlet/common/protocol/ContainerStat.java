package org.martlet.common.protocol;

import java.util.SortedMap;
import org.martlet.common.model.Timestamp;

/// What an account's listing knows of one container: its own clocks and its counts a policy.
///
/// @param name the container's name
/// @param put when it was last PUT
/// @param deleted when it was last deleted, [Timestamp#ZERO] if never
/// @param reported when these counts were taken: the register with the later clock wins
/// @param policy the storage policy's index of new objects
/// @param usage counts by policy index
public record ContainerStat(
    String name,
    Timestamp put,
    Timestamp deleted,
    Timestamp reported,
    int policy,
    SortedMap<Integer, Usage> usage) {
  /// @param objects live objects
  /// @param bytes the sum of their sizes
  public record Usage(long objects, long bytes) {
    public static final Usage NONE = new Usage(0, 0);

    public Usage plus(Usage other) {
      return new Usage(objects + other.objects, bytes + other.bytes);
    }
  }
}
