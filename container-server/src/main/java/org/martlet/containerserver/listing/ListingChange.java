package org.martlet.containerserver.listing;

import org.martlet.common.kv.KeyValueFault;

/// One change of a device's listings, applied by the committer together with others.
///
/// @param <T> what the change has to tell once it is durable
interface ListingChange<T> {
  /// Rows or so: what the bounds of the queue and of a group count.
  default int cost() {
    return 1;
  }

  /// Whether it is committed by itself: what removes a whole listing by ranges of keys cannot share
  /// a batch with changes of its rows.
  default boolean alone() {
    return false;
  }

  /// Reads what [#apply] will need; called once before the first try.
  default void prefetch(ListingTransaction transaction) throws KeyValueFault {}

  /// Makes the change. It may be called again, on another transaction, when a change beside it
  /// failed: it keeps no state of its own.
  T apply(ListingTransaction transaction) throws KeyValueFault;
}
