package org.martlet.objectserver.index;

/// What a device holds of one policy.
///
/// @param objects that have a body
/// @param bytes in those bodies
/// @param tombstones of deleted objects
public record PolicyCounts(long objects, long bytes, long tombstones) {
  public static final PolicyCounts ZERO = new PolicyCounts(0, 0, 0);

  /// With an entry more (1) or less (-1).
  public PolicyCounts plus(IndexEntry entry, int sign) {
    if (entry.clocks() == null) {
      return this;
    }
    return entry.clocks().isLive()
        ? new PolicyCounts(objects + sign, bytes + sign * entry.clocks().size(), tombstones)
        : new PolicyCounts(objects, bytes, tombstones + sign);
  }
}
