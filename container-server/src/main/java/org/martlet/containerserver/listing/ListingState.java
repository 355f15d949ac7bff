package org.martlet.containerserver.listing;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueReader;

/// A listing's own state and totals, of one moment.
///
/// @param info null if there never was such a listing here
public record ListingState(@Nullable ListingInfo info, Totals totals) {
  static ListingState read(KeyValueReader from, ListingId id) throws KeyValueFault {
    List<byte @Nullable []> values =
        from.multiGet(ListingKeys.LISTINGS, List.of(ListingKeys.info(id), ListingKeys.totals(id)));
    byte @Nullable [] info = values.get(0);
    byte @Nullable [] totals = values.get(1);
    return new ListingState(
        info == null ? null : ListingInfo.decode(info),
        totals == null ? Totals.NONE : Totals.decode(totals));
  }

  /// Whether it is there and not deleted.
  public boolean exists() {
    return info != null && !info.isDeleted(totals);
  }
}
