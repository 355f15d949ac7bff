package org.martlet.containerserver.listing;

import java.time.Duration;

/// Bounds of one device's listing store.
///
/// @param queueRows rows that may wait for their commit; past it changes are refused
/// @param groupRows rows that are committed together with one sync at most
/// @param busyAfter a change that waited longer is refused instead of applied
/// @param hungAfter a commit that takes longer means that the device hangs
public record ListingStoreConfig(
    int queueRows, int groupRows, Duration busyAfter, Duration hungAfter) {
  public static final ListingStoreConfig DEFAULT =
      new ListingStoreConfig(50_000, 4_000, Duration.ofSeconds(2), Duration.ofSeconds(10));

  public ListingStoreConfig {
    if (queueRows < 1 || groupRows < 1) {
      throw new IllegalArgumentException("a queue or a group holds at least one row");
    }
    if (!busyAfter.isPositive() || !hungAfter.isPositive()) {
      throw new IllegalArgumentException("a limit on waiting is not positive");
    }
  }
}
