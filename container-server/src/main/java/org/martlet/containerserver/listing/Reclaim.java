package org.martlet.containerserver.listing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueCursor;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueReader;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.HashRange;

/// One step of taking out what was deleted long ago: rows, or one whole listing that has none left.
///
/// Found by a scan, then checked again by the committer: what has changed since stays.
public record Reclaim(
    List<Row> rows, Optional<ListingId> bare, Timestamp before, Optional<Reclaim.Position> next)
    implements ListingChange<Reclaim.Step> {
  /// Rows of one step.
  static final int ROWS = 2_000;

  /// Where a step begins.
  ///
  /// @param after the name in the first listing after which it goes on; empty for its beginning
  public record Position(ObjectHash hash, String after) {}

  /// What a step did.
  ///
  /// @param rows taken out
  /// @param listings taken out
  /// @param next empty if there is no more in the range
  public record Step(int rows, int listings, Optional<Position> next) {}

  record Row(ListingId listing, String name) {}

  static Reclaim find(
      KeyValueReader stored,
      ListingKind kind,
      Position from,
      ObjectHash last,
      Timestamp before,
      ScanLimit end)
      throws KeyValueFault {
    Finder finder = new Finder(stored, before, end);
    HashRange range = new HashRange(from.hash(), last);
    try (KeyValueCursor cursor =
        stored.cursor(ListingKeys.LISTINGS, ListingKeys.listings(kind, range))) {
      String after = from.after();
      for (boolean more = cursor.first(); more; more = cursor.next()) {
        byte[] key = cursor.key();
        if (!ListingKeys.isInfo(key)) {
          continue;
        }
        ObjectHash hash = ListingKeys.hashOfListing(key);
        ListingInfo info = ListingInfo.decode(cursor.value());
        ListingId id = new ListingId(kind, info.path(), hash);
        boolean goOn = finder.visit(id, info, hash.equals(from.hash()) ? after : "");
        if (!goOn) {
          return finder.result();
        }
      }
    }
    return finder.result();
  }

  boolean isEmpty() {
    return rows.isEmpty() && bare.isEmpty();
  }

  Step step(int rowsTaken, int listingsTaken) {
    return new Step(rowsTaken, listingsTaken, next);
  }

  @Override
  public boolean alone() {
    return bare.isPresent();
  }

  @Override
  public int cost() {
    return 1 + rows.size();
  }

  @Override
  public Step apply(ListingTransaction transaction) throws KeyValueFault {
    int taken = 0;
    for (Row row : rows) {
      taken += reclaim(transaction, row, RowType.of(row.listing().kind())) ? 1 : 0;
    }
    if (bare.isPresent() && isRemovable(transaction, bare.get())) {
      transaction.drop(bare.get());
      return step(taken, 1);
    }
    return step(taken, 0);
  }

  private <R> boolean reclaim(ListingTransaction transaction, Row row, RowType<R> type)
      throws KeyValueFault {
    return transaction.reclaim(row.listing(), type, row.name(), before);
  }

  private boolean isRemovable(ListingTransaction transaction, ListingId id) throws KeyValueFault {
    @Nullable ListingInfo info = transaction.info(id);
    return info != null
        && isDeletedBefore(info, transaction.totals(id), before)
        && transaction.isBare(id);
  }

  private static boolean isDeletedBefore(ListingInfo info, Totals totals, Timestamp before) {
    return info.isDeleted(totals) && before.isAfter(info.deleted());
  }

  /// Walks over listings.
  private static final class Finder {
    private final KeyValueReader stored;
    private final Timestamp before;
    private final ScanLimit end;
    private final List<Row> rows = new ArrayList<>();
    private Optional<ListingId> bare = Optional.empty();
    private Optional<Position> next = Optional.empty();

    Finder(KeyValueReader stored, Timestamp before, ScanLimit end) {
      this.stored = stored;
      this.before = before;
      this.end = end;
    }

    Reclaim result() {
      return new Reclaim(rows, bare, before, next);
    }

    /// @return false if the step ends with this listing
    boolean visit(ListingId id, ListingInfo info, String after) throws KeyValueFault {
      if (end.isReached()) {
        next = Optional.of(new Position(id.hash(), after));
        return false;
      }
      int before = rows.size();
      boolean whole = deletedRows(id, RowType.of(id.kind()), after);
      end.looked();
      if (!whole) {
        return false;
      }
      if (rows.size() == before && after.isEmpty() && isRemovable(id, info)) {
        if (!rows.isEmpty()) {
          next = Optional.of(new Position(id.hash(), ""));
        } else {
          bare = Optional.of(id);
          next = following(id.hash());
        }
        return false;
      }
      if (rows.size() > before && isRemovable(id, info)) {
        // Once more, when its rows are gone.
        next = Optional.of(new Position(id.hash(), ""));
        return false;
      }
      return true;
    }

    private boolean isRemovable(ListingId id, ListingInfo info) throws KeyValueFault {
      if (!this.before.isAfter(info.deleted()) || !info.deleted().isAfter(info.put())) {
        return false;
      }
      Totals totals = ListingState.read(stored, id).totals();
      return totals.all().rows() == 0;
    }

    private static Optional<Position> following(ObjectHash hash) {
      long low = hash.low() + 1;
      long high = hash.high() + (low == 0 ? 1 : 0);
      return low == 0 && high == 0
          ? Optional.empty()
          : Optional.of(new Position(new ObjectHash(high, low), ""));
    }

    /// @return whether all of the listing was looked at
    private <R> boolean deletedRows(ListingId id, RowType<R> type, String after)
        throws KeyValueFault {
      byte[] head = ListingKeys.rows(id, false);
      byte[] lower =
          after.isEmpty()
              ? head
              : ListingKeys.row(id, false, (after + '\0').getBytes(StandardCharsets.UTF_8));
      try (KeyValueCursor cursor =
          stored.cursor(ListingKeys.ROWS, KeyRange.of(lower, KeyRange.successor(head)))) {
        for (boolean more = cursor.first(); more; more = cursor.next()) {
          String name = ListingKeys.rowName(cursor.key());
          if (before.isAfter(RowType.newest(type, type.decode(name, cursor.value())))) {
            rows.add(new Row(id, name));
            end.found(name.length());
          }
          end.looked();
          if (end.isReached()) {
            next = Optional.of(new Position(id.hash(), name));
            return false;
          }
        }
      }
      return true;
    }
  }
}
