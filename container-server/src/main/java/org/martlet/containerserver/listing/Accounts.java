package org.martlet.containerserver.listing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ContainerStat;

/// The accounts of one device: Swift's rules for their life, on a [ListingStore].
///
/// A deleted account stays deleted, whatever its containers say, until it is reclaimed: its name
/// cannot be used meanwhile.
///
/// Changes report when they are on stable storage; see [ListingStore] for errors and threads.
public final class Accounts {
  private final ListingStore store;
  private final MetadataLimits limits;

  public Accounts(ListingStore store, MetadataLimits limits) {
    this.store = store;
    this.limits = limits;
  }

  /// What is known of containers of one account.
  ///
  /// @param create the account is made if it is not there
  /// @param evenIfDeleted a deleted account takes them too
  public record Stats(
      ListingId account, List<ContainerStat> stats, boolean create, boolean evenIfDeleted) {}

  public ListingState state(ListingId id) throws ListingFault {
    return store.state(id);
  }

  public ListingPage<ContainerStat> list(ListingId id, ListingQuery query, EntryCost cost)
      throws ListingFault {
    return store.page(id, RowType.CONTAINERS, query, cost);
  }

  /// Creates an account, or updates its put clock and metadata.
  public CompletableFuture<ListingOutcome> put(ListingId id, MetadataUpdate metadata) {
    return store.submit(
        transaction -> {
          @Nullable ListingInfo old = transaction.info(id);
          if (old != null && old.isDeleted(Totals.NONE)) {
            return new ListingOutcome.RecentlyDeleted();
          }
          ListingInfo info =
              old == null
                  ? ListingInfo.created(id.path(), metadata.at(), 0)
                  : old.withPut(metadata.at());
          return store(transaction, id, info.withMetadata(metadata.entries()), old == null);
        });
  }

  /// Updates an account's metadata.
  public CompletableFuture<ListingOutcome> post(ListingId id, MetadataUpdate metadata) {
    return store.submit(
        transaction -> {
          @Nullable ListingInfo old = transaction.info(id);
          if (old == null || old.isDeleted(Totals.NONE)) {
            return new ListingOutcome.Missing(old != null);
          }
          return store(transaction, id, old.withMetadata(metadata.entries()), false);
        });
  }

  private ListingOutcome store(
      ListingTransaction transaction, ListingId id, ListingInfo untidy, boolean created)
      throws KeyValueFault {
    ListingInfo info = untidy.tidied(limits, transaction.now());
    @Nullable String violation = limits.violation(info.metadata());
    if (violation != null) {
      return new ListingOutcome.TooMuchMetadata(violation);
    }
    transaction.setInfo(id, info);
    return created ? new ListingOutcome.Created(0) : new ListingOutcome.Updated(0);
  }

  /// Marks an account as deleted; its containers are for the reaper.
  public CompletableFuture<ListingOutcome> delete(ListingId id, Timestamp at) {
    return store.submit(
        transaction -> {
          @Nullable ListingInfo old = transaction.info(id);
          if (old == null || old.isDeleted(Totals.NONE)) {
            return new ListingOutcome.Missing(old != null);
          }
          if (!at.isAfter(old.put())) {
            return new ListingOutcome.Superseded();
          }
          transaction.setInfo(
              id,
              old.withDeleted(at)
                  .withMetadata(MetadataUpdate.removal(old, at))
                  .tidied(limits, transaction.now()));
          return new ListingOutcome.Deleted(true);
        });
  }

  /// Joins what is known of containers into accounts, all in one batch. An account that is marked
  /// as deleted takes that containers are gone, and nothing else.
  ///
  /// @return for each whether there is such an account
  public CompletableFuture<List<Boolean>> merge(List<Stats> updates) {
    return store.submit(new Merge(updates));
  }

  private record Merge(List<Stats> updates) implements ListingChange<List<Boolean>> {
    @Override
    public int cost() {
      return 1 + updates.stream().mapToInt(update -> update.stats().size()).sum();
    }

    @Override
    public void prefetch(ListingTransaction transaction) throws KeyValueFault {
      for (Stats update : updates) {
        transaction.prefetch(update.account(), RowType.CONTAINERS, update.stats());
      }
    }

    @Override
    public List<Boolean> apply(ListingTransaction transaction) throws KeyValueFault {
      List<Boolean> known = new ArrayList<>(updates.size());
      for (Stats update : updates) {
        known.add(apply(transaction, update));
      }
      return known;
    }

    private static boolean apply(ListingTransaction transaction, Stats update)
        throws KeyValueFault {
      ListingId id = update.account();
      @Nullable ListingInfo info = transaction.info(id);
      if (info == null) {
        if (!update.create() || update.stats().isEmpty()) {
          return false;
        }
        Timestamp at = update.stats().getFirst().put();
        transaction.setInfo(id, ListingInfo.created(id.path(), at, 0));
      }
      boolean closed = info != null && info.isDeleted(Totals.NONE) && !update.evenIfDeleted();
      boolean all = true;
      for (ContainerStat stat : update.stats()) {
        boolean taken = !closed || !RowType.CONTAINERS.isLive(stat);
        all &= taken;
        if (taken) {
          transaction.merge(id, RowType.CONTAINERS, stat);
        }
      }
      return all;
    }
  }
}
