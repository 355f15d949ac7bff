package org.martlet.containerserver.listing;

/// What became of a change of a listing's own state.
public sealed interface ListingOutcome {
  /// It was created, or created again after a deletion.
  ///
  /// @param policy the storage policy's index
  record Created(int policy) implements ListingOutcome {}

  /// It was there and took the change.
  ///
  /// @param policy the storage policy's index
  record Updated(int policy) implements ListingOutcome {}

  /// It is deleted now.
  ///
  /// @param existed whether it was there before
  record Deleted(boolean existed) implements ListingOutcome {}

  /// There is none.
  ///
  /// @param deleted whether there was one
  record Missing(boolean deleted) implements ListingOutcome {}

  /// It was deleted, and its name is not free yet.
  record RecentlyDeleted() implements ListingOutcome {}

  /// It has another storage policy than the one that was asked for.
  ///
  /// @param policy the one it has
  record WrongPolicy(int policy) implements ListingOutcome {}

  /// What is stored is newer; nothing changed.
  record Superseded() implements ListingOutcome {}

  /// It has rows, so it is not deleted.
  record NotEmpty() implements ListingOutcome {}

  /// Its metadata would exceed the limits; nothing changed.
  ///
  /// @param why for the sender
  record TooMuchMetadata(String why) implements ListingOutcome {}
}
