package org.martlet.replicator.listing;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.ListingEntry;
import org.martlet.common.replication.ListingPart;
import org.martlet.common.replication.ListingSummary;
import org.martlet.common.replication.RowDigest;
import org.martlet.replicator.run.Replica;
import org.martlet.replicator.run.ReplicaFault;

/// The containers, or the accounts, on one device.
public interface ListingReplica extends Replica {
  /// Listings of a range in the order of their hashes.
  ///
  /// @param next where the next page begins; empty at the end of the range
  /// @param isPrimary whether by its own ring the device is a primary of the partition that the
  ///     range begins in
  record Listed(List<ListingEntry> entries, Optional<ObjectHash> next, boolean isPrimary) {}

  /// One listing.
  ///
  /// @param deleted when it was deleted; [Timestamp#ZERO] if it exists
  record Summary(ListingSummary digests, Timestamp deleted) {}

  /// @param limit 1 to [ListingEntry#MAX_ENTRIES]
  Listed listings(HashRange range, int limit) throws ReplicaFault;

  /// Empty if the device has no such listing.
  Optional<Summary> summary(ObjectHash listing) throws ReplicaFault;

  /// Rows of some parts of a listing's names, deleted ones too; empty if there is no such listing.
  ///
  /// @param leaves which parts, of [ListingSummary#LEAVES]
  /// @param after the name after which the page begins; empty for the first page
  /// @param limit 1 to [RowDigest.Page#MAX_ROWS]
  Optional<RowDigest.Page> rows(ObjectHash listing, BitSet leaves, String after, int limit)
      throws ReplicaFault;

  /// A listing's own state and whole rows of it, as many as fit into one answer, in the order asked
  /// for; those that are gone are left out. Empty if there is no such listing.
  ///
  /// @param names at most [org.martlet.common.replication.RowNames#MAX_NAMES]
  Optional<ListingPart> fetch(ObjectHash listing, List<String> names) throws ReplicaFault;

  /// Joins a part into a listing, which is created where it is missing; durable on return.
  ///
  /// @param report whether the device is to report a container to its account even if it learns
  ///     nothing new
  /// @return whether by its own ring the device is a primary of the listing; if not, it stored
  ///     nothing
  boolean merge(ObjectHash listing, ListingPart part, boolean report) throws ReplicaFault;

  /// Removes a whole listing if it has not changed.
  ///
  /// @param digest of all of it, as it was when it was given away
  /// @return whether it is gone
  boolean drop(ObjectHash listing, Digest digest) throws ReplicaFault;

  /// Where a reclaim begins, or goes on.
  ///
  /// @param after the name in the range's first listing after which it goes on; empty for all of it
  record ReclaimFrom(HashRange range, String after) {}

  /// @param next empty at the end of the range
  record ReclaimStep(long rows, long listings, Optional<ReclaimFrom> next) {}

  /// Takes out what was deleted before a moment, as far as one request goes.
  ReclaimStep reclaim(ReclaimFrom from, Timestamp before) throws ReplicaFault;
}
