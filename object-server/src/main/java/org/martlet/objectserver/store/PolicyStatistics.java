package org.martlet.objectserver.store;

/// What a device holds of one policy.
///
/// @param objects that have a body
/// @param bytes in those bodies
/// @param tombstones of deleted objects, not yet reclaimed
public record PolicyStatistics(long objects, long bytes, long tombstones) {
  public static final PolicyStatistics ZERO = new PolicyStatistics(0, 0, 0);
}
