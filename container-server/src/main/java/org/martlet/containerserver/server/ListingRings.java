package org.martlet.containerserver.server;

import org.martlet.common.model.ObjectHash;
import org.martlet.containerserver.listing.ListingKind;

/// Says what this server's own rings say of its devices.
@FunctionalInterface
public interface ListingRings {
  /// Everything belongs where it is: for tests and tools.
  ListingRings EVERYWHERE = (kind, hash, device) -> true;

  /// Whether a local device is a primary of a listing.
  ///
  /// - Threads: any; does not block.
  ///
  /// @param device the local device's name
  boolean isPrimary(ListingKind kind, ObjectHash hash, String device);
}
