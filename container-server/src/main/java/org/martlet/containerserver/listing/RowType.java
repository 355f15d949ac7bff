package org.martlet.containerserver.listing;

import java.util.List;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ContainerStat;
import org.martlet.common.protocol.ListingRow;

/// What the engine needs to know of a kind of row.
///
/// [#merge] is a join: commutative, associative and idempotent.
sealed interface RowType<R> permits ObjectRows, ContainerRows {
  RowType<ListingRow> OBJECTS = new ObjectRows();
  RowType<ContainerStat> CONTAINERS = new ContainerRows();

  /// What listings of a kind have.
  static RowType<?> of(ListingKind kind) {
    return switch (kind) {
      case CONTAINER -> OBJECTS;
      case ACCOUNT -> CONTAINERS;
    };
  }

  String name(R row);

  /// What both rows know, of one name.
  R merge(R a, R b);

  /// Whether it is listed and counted.
  boolean isLive(R row);

  /// All of its clocks; a join makes none of them earlier.
  List<Timestamp> clocks(R row);

  /// The latest of a row's clocks.
  static <R> Timestamp newest(RowType<R> type, R row) {
    return type.clocks(row).stream().reduce(Timestamp.ZERO, Timestamp::max);
  }

  /// @throws IllegalArgumentException if it cannot be stored
  void check(ListingId listing, R row);

  /// The storage policy that listings of one policy select by.
  int policy(R row);

  /// Whether a listing that no policy is asked of shows the rows of its own policy only. An account
  /// shows its containers of all policies.
  boolean listsOwnPolicyOnly();

  /// What a live row adds to its listing's totals.
  void count(R row, Totals.Sum sum, int sign);

  /// Everything but the name; equal rows have equal bytes.
  byte[] encode(R row);

  R decode(String name, byte[] bytes) throws KeyValueFault;
}
