package org.martlet.containerserver.server;

import org.martlet.containerserver.listing.Accounts;
import org.martlet.containerserver.listing.Containers;
import org.martlet.containerserver.listing.ListingStore;

/// Whether a device serves listings.
sealed interface DeviceState {
  /// Its database is being opened.
  record Opening() implements DeviceState {}

  /// It serves.
  record Online(ListingStore store, Containers containers, Accounts accounts)
      implements DeviceState {}

  /// It cannot be used until the server is started again.
  ///
  /// @param reason for operators
  record Offline(String reason) implements DeviceState {}
}
