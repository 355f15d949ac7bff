package org.martlet.containerserver.listing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueCursor;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueSnapshot;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.HashRange;

/// What background services find to do in a device's listings: objects in the wrong storage policy,
/// accounts that were deleted and still have containers.
///
/// - Errors, durability and threads: as [ListingStore].
public final class ListingWork {
  private final ListingStore store;

  public ListingWork(ListingStore store) {
    this.store = store;
  }

  /// An account that is marked as deleted and has containers.
  public record DeletedAccount(ListingId id, Timestamp deleted, long containers) {}

  /// @param next where the next page begins; empty at the end
  public record DeletedAccounts(List<DeletedAccount> accounts, Optional<ObjectHash> next) {}

  /// Marks of containers that have rows of other policies than their own, in order of hash.
  ///
  /// @param from inclusive
  public List<MisplacedMark> misplaced(ObjectHash from, int limit) throws ListingFault {
    return store.read(
        stored -> {
          List<MisplacedMark> found = new ArrayList<>();
          try (KeyValueCursor cursor =
              stored.cursor(ListingKeys.MISPLACED, KeyRange.of(ListingKeys.mark(from), null))) {
            boolean more = cursor.first();
            while (more && found.size() < limit) {
              found.add(MisplacedMark.decode(ObjectHash.of(cursor.key()), cursor.value()));
              more = cursor.next();
            }
          }
          return found;
        });
  }

  /// Rows of other policies than their container's, deleted ones too; empty if the container is not
  /// here.
  public Optional<MisplacedRows.Page> misplacedRows(
      ObjectHash container, MisplacedRows.Position from, int limit, Duration time)
      throws ListingFault {
    ScanLimit end = ScanLimit.of(limit, time, store.environment().ticker());
    return store.read(
        stored -> {
          try (KeyValueSnapshot snapshot = stored.snapshot()) {
            Optional<ListingId> id =
                ListingReplicas.find(snapshot, ListingKind.CONTAINER, container);
            if (id.isEmpty()) {
              return Optional.empty();
            }
            @Nullable ListingInfo info = ListingState.read(snapshot, id.get()).info();
            return info == null
                ? Optional.empty()
                : Optional.of(MisplacedRows.find(snapshot, id.get(), info, from, end));
          }
        });
  }

  /// Takes a container's mark away, unless more such rows came since.
  ///
  /// @param changed of the mark that was seen
  public CompletableFuture<Boolean> settleMisplaced(ObjectHash container, Timestamp changed) {
    return store.submit(
        transaction -> {
          transaction.settleMisplaced(container, changed);
          return true;
        });
  }

  /// Accounts that are marked as deleted and still have containers, in order of hash.
  ///
  /// - Cost: it looks at every account of the device, and ends early after a time.
  ///
  /// @param from inclusive
  public DeletedAccounts deletedAccounts(ObjectHash from, int limit, Duration time)
      throws ListingFault {
    ScanLimit end = ScanLimit.of(limit, time, store.environment().ticker());
    HashRange range = new HashRange(from, new ObjectHash(-1, -1));
    return store.read(
        stored -> {
          List<DeletedAccount> found = new ArrayList<>();
          try (KeyValueCursor cursor =
              stored.cursor(
                  ListingKeys.LISTINGS, ListingKeys.listings(ListingKind.ACCOUNT, range))) {
            @Nullable ListingInfo info = null;
            for (boolean more = cursor.first(); more; more = cursor.next()) {
              byte[] key = cursor.key();
              ObjectHash hash = ListingKeys.hashOfListing(key);
              if (ListingKeys.isInfo(key)) {
                if (end.isReached()) {
                  return new DeletedAccounts(found, Optional.of(hash));
                }
                info = ListingInfo.decode(cursor.value());
                end.looked();
              } else {
                add(hash, info, Totals.decode(cursor.value()), found, end);
                info = null;
              }
            }
          }
          return new DeletedAccounts(found, Optional.empty());
        });
  }

  private static void add(
      ObjectHash hash,
      @Nullable ListingInfo info,
      Totals totals,
      List<DeletedAccount> found,
      ScanLimit end)
      throws KeyValueFault {
    long containers = totals.all().rows();
    if (info != null && info.isDeleted(totals) && containers > 0) {
      ListingId id = new ListingId(ListingKind.ACCOUNT, info.path(), hash);
      found.add(new DeletedAccount(id, info.deleted(), containers));
      end.found(1);
    }
  }
}
