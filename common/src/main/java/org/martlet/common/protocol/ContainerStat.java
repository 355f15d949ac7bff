package org.martlet.common.protocol;

import java.util.SortedMap;
import org.martlet.common.model.Timestamp;

/// What an account's listing knows of one container: its own clocks and its counts a policy.
///
/// @param name the container's name
/// @param put when it was last PUT
/// @param deleted when it was last deleted, [Timestamp#ZERO] if never
/// @param incarnation that its storage policy is of
/// @param counted of which state of its rows the usage is
/// @param usage counts by policy index
public record ContainerStat(
    String name,
    Timestamp put,
    Timestamp deleted,
    Incarnation incarnation,
    RowsClock counted,
    SortedMap<Integer, Usage> usage) {
  /// The storage policy's index of new objects.
  public int policy() {
    return incarnation.policy();
  }

  /// @param objects live objects
  /// @param bytes the sum of their sizes
  public record Usage(long objects, long bytes) {
    public static final Usage NONE = new Usage(0, 0);

    public Usage plus(Usage other) {
      return new Usage(objects + other.objects, bytes + other.bytes);
    }
  }
}
