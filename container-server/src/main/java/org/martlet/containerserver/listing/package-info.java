/// The listings of one device: which objects a container has, which containers an account has.
///
/// Knows nothing of HTTP, rings or other devices. [ListingStore] is the entry: one database a
/// device, changed by one committer thread, read by any.
///
/// Invariants: every row and every listing's own state is a join, so order and repetition of
/// changes do not matter; totals and digests change in the batch that changes the rows and are
/// exact; what a change's future reports is on stable storage.
@NullMarked
package org.martlet.containerserver.listing;

import org.jspecify.annotations.NullMarked;
