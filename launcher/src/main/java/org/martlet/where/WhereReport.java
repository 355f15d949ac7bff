package org.martlet.where;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where something is.
///
/// - Shape: as JSON (`docs/status.md`), with the names of the components in snake case. Components
///   are added, not changed or removed, as long as `format` stays.
///
/// @param format of this record: 1
/// @param kind `object`, `container` or `account`
/// @param policy of an object; null for others
/// @param healthy whether there is nothing to look after
/// @param verdict in words
/// @param copies of an object; empty for others
/// @param listings of a container or account; empty for an object
/// @param rows of the object in its container's listings, or of the container in its account's
record WhereReport(
    int format,
    String path,
    String kind,
    @Nullable Integer policy,
    String hash,
    String ring,
    long ringVersion,
    int partition,
    boolean healthy,
    List<String> verdict,
    List<Copy> copies,
    List<Listing> listings,
    List<Row> rows) {
  static final int FORMAT = 1;

  /// A device that was asked.
  ///
  /// @param role `primary 0`, `handoff`, `old primary`, `other`
  record Place(String role, String node, String device, int region, int zone) {
    boolean isPrimary() {
      return role.startsWith("primary");
    }

    String name() {
      return node + " " + device;
    }
  }

  /// What a device has of an object.
  ///
  /// @param state `live`, `deleted` (a tombstone), `gone` (given away, reclaimed or quarantined),
  ///     `absent`, `unknown` (it does not answer)
  /// @param fault why it does not answer
  /// @param clocks null where it has neither object nor tombstone
  /// @param newest whether all its clocks are the newest that were found
  /// @param sound whether every checksum holds; null where there is nothing to check
  /// @param damage what does not hold
  /// @param kept where the body is
  /// @param listedOtherwise whether its rows have another size and ETag (large objects)
  /// @param dueListings the container replicas that have yet to hear of it
  record Copy(
      Place place,
      String state,
      @Nullable String fault,
      @Nullable Clocks clocks,
      boolean newest,
      @Nullable Boolean sound,
      List<String> damage,
      @Nullable Long size,
      @Nullable String etag,
      @Nullable String contentType,
      @Nullable String kept,
      boolean listedOtherwise,
      List<Integer> dueListings) {}

  /// Timestamps in Swift's internal form.
  record Clocks(String data, String contentType, String metadata) {}

  /// What a device has of a container or account.
  ///
  /// @param state `live`, `deleted`, `absent`, `unknown`
  /// @param agrees whether its clocks and counts are those of the primary that changed last
  record Listing(
      Place place,
      String state,
      @Nullable String fault,
      long objects,
      long bytes,
      @Nullable Long containers,
      @Nullable Integer policy,
      @Nullable String put,
      @Nullable String deleted,
      @Nullable String changed,
      boolean agrees) {}

  /// A row of a listing.
  ///
  /// @param listed whether there is one; null where the device does not answer
  /// @param agrees whether it says what is right by the newest state
  record Row(
      Place place,
      @Nullable String fault,
      @Nullable Boolean listed,
      @Nullable Long size,
      @Nullable String etag,
      @Nullable Long objects,
      boolean agrees) {}
}
