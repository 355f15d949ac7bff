package org.martlet.containerserver.listing;

import java.util.List;

/// A listing at one moment and the entries that a query selected.
///
/// @param state of the listing, whether it exists or not
/// @param entries in the query's order; empty if the listing does not exist
public record ListingPage<R>(ListingState state, List<Entry<R>> entries) {
  /// An entry of a listing.
  public sealed interface Entry<R> {}

  /// A row.
  public record Item<R>(R row) implements Entry<R> {}

  /// What stands for all rows that begin with a name that ends in the delimiter.
  public record Subdirectory<R>(String name) implements Entry<R> {}
}
