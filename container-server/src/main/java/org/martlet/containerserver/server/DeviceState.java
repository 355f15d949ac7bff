package org.martlet.containerserver.server;

import org.martlet.containerserver.listing.Accounts;
import org.martlet.containerserver.listing.Containers;
import org.martlet.containerserver.listing.ListingReplicas;
import org.martlet.containerserver.listing.ListingStore;
import org.martlet.containerserver.listing.ListingWork;
import org.martlet.containerserver.listing.MetadataLimits;

/// Whether a device serves listings.
sealed interface DeviceState {
  /// Its database is being opened.
  record Opening() implements DeviceState {}

  /// It serves.
  record Online(
      ListingStore store,
      Containers containers,
      Accounts accounts,
      ListingReplicas replicas,
      ListingWork work)
      implements DeviceState {
    static Online of(ListingStore store, MetadataLimits limits) {
      return new Online(
          store,
          new Containers(store, limits),
          new Accounts(store, limits),
          new ListingReplicas(store, limits),
          new ListingWork(store));
    }
  }

  /// It may not be used as it is: not mounted, another cluster's, or away for too long.
  ///
  /// @param reason for operators, with what to do
  record Refused(String reason) implements DeviceState {}

  /// It cannot be used until the server is started again.
  ///
  /// @param reason for operators
  record Offline(String reason) implements DeviceState {}
}
