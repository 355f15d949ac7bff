package org.martlet.containerserver.listing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.replication.ListingPart;

/// Joins into a listing what another replica has of it.
///
/// Limits on metadata do not refuse anything here: each replica kept to them, and a join that one
/// of them refused would never be the same on both. What was removed long ago is left out by the
/// same rule on every replica.
record PartMerge<R>(
    ListingId id,
    RowType<R> type,
    ListingInfo info,
    List<R> rows,
    boolean report,
    MetadataLimits limits)
    implements ListingChange<Boolean> {

  /// @throws IllegalArgumentException with words for the sender if a row cannot be stored
  static <R> PartMerge<R> of(
      ListingId id,
      RowType<R> type,
      ListingInfo info,
      List<ListingPart.Row> incoming,
      boolean report,
      MetadataLimits limits) {
    List<R> rows = new ArrayList<>(incoming.size());
    for (ListingPart.Row stored : incoming) {
      rows.add(decode(id, type, stored));
    }
    return new PartMerge<>(id, type, info, rows, report, limits);
  }

  private static <R> R decode(ListingId id, RowType<R> type, ListingPart.Row stored) {
    byte[] record = new byte[stored.record().remaining()];
    stored.record().get(record);
    try {
      R row = type.decode(stored.name(), record);
      type.check(id, row);
      return row;
    } catch (KeyValueFault e) {
      throw new IllegalArgumentException("a row cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public int cost() {
    return 1 + rows.size();
  }

  @Override
  public void prefetch(ListingTransaction transaction) throws KeyValueFault {
    transaction.prefetch(id, type, rows);
  }

  @Override
  public Boolean apply(ListingTransaction transaction) throws KeyValueFault {
    @Nullable ListingInfo old = transaction.info(id);
    ListingInfo merged = old == null ? info : ListingInfo.merge(old, info);
    transaction.setInfo(id, merged.tidied(limits, transaction.now()));
    for (R row : rows) {
      transaction.merge(id, type, row);
    }
    if (report && id.kind() == ListingKind.CONTAINER) {
      transaction.touch(id);
    }
    return true;
  }
}
