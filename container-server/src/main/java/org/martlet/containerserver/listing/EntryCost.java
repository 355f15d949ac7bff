package org.martlet.containerserver.listing;

/// Told of each entry that a page takes into memory, before it is taken.
public interface EntryCost {
  /// For who has bounded the page by its limit.
  EntryCost FREE = storedBytes -> {};

  /// What this throws ends the query.
  ///
  /// @param storedBytes of the entry in the database: its name, and its record
  void add(int storedBytes);
}
