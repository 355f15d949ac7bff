package org.martlet.containerserver.listing;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ContainerStat;
import org.martlet.common.protocol.ListingRow;

/// The containers of one device: Swift's rules for their life, on a [ListingStore].
///
/// Changes report when they are on stable storage; see [ListingStore] for errors and threads.
public final class Containers {
  private final ListingStore store;
  private final MetadataLimits limits;

  public Containers(ListingStore store, MetadataLimits limits) {
    this.store = store;
    this.limits = limits;
  }

  /// Rows for one container.
  ///
  /// @param createWithPolicy the container is made, with this policy, if it is not there
  public record Rows(ListingId container, List<ListingRow> rows, OptionalInt createWithPolicy) {}

  public ListingState state(ListingId id) throws ListingFault {
    return store.state(id);
  }

  /// Rows of the query's policy, or of the container's own if the query names none.
  public ListingPage<ListingRow> list(ListingId id, ListingQuery query, EntryCost cost)
      throws ListingFault {
    return store.page(id, RowType.OBJECTS, query, cost);
  }

  /// Creates a container, or updates its put clock and metadata.
  ///
  /// @param asked the policy that it must have, if any
  /// @param otherwise the policy of a new container if none was asked for
  public CompletableFuture<ListingOutcome> put(
      ListingId id, OptionalInt asked, int otherwise, MetadataUpdate metadata) {
    return store.submit(transaction -> put(transaction, id, asked, otherwise, metadata));
  }

  private ListingOutcome put(
      ListingTransaction transaction,
      ListingId id,
      OptionalInt asked,
      int otherwise,
      MetadataUpdate metadata)
      throws KeyValueFault {
    Timestamp at = metadata.at();
    @Nullable ListingInfo old = transaction.info(id);
    int wanted = asked.orElse(otherwise);
    ListingInfo info;
    boolean created = true;
    if (old == null) {
      info = ListingInfo.created(id.path(), at, wanted);
    } else if (old.isDeleted(transaction.totals(id))) {
      if (!at.isAfter(old.deleted())) {
        return new ListingOutcome.Superseded();
      }
      info = old.recreated(at, wanted);
    } else if (asked.isPresent() && asked.getAsInt() != old.policy()) {
      return new ListingOutcome.WrongPolicy(old.policy());
    } else {
      info = old.withPut(at);
      created = false;
    }
    info = info.withMetadata(metadata.entries()).tidied(limits, transaction.now());
    @Nullable String violation = limits.violation(info.metadata());
    if (violation != null) {
      return new ListingOutcome.TooMuchMetadata(violation);
    }
    transaction.setInfo(id, info);
    return created
        ? new ListingOutcome.Created(info.policy())
        : new ListingOutcome.Updated(info.policy());
  }

  /// Updates a container's metadata.
  ///
  /// @param touch whether the put clock moves too
  public CompletableFuture<ListingOutcome> post(
      ListingId id, MetadataUpdate metadata, boolean touch) {
    return store.submit(
        transaction -> {
          @Nullable ListingInfo old = transaction.info(id);
          if (old == null || old.isDeleted(transaction.totals(id))) {
            return new ListingOutcome.Missing(old != null);
          }
          ListingInfo info =
              (touch ? old.withPut(metadata.at()) : old)
                  .withMetadata(metadata.entries())
                  .tidied(limits, transaction.now());
          @Nullable String violation = limits.violation(info.metadata());
          if (violation != null) {
            return new ListingOutcome.TooMuchMetadata(violation);
          }
          transaction.setInfo(id, info);
          return new ListingOutcome.Updated(info.policy());
        });
  }

  /// Deletes a container that has no rows in any policy.
  public CompletableFuture<ListingOutcome> delete(ListingId id, Timestamp at) {
    return store.submit(
        transaction -> {
          @Nullable ListingInfo old = transaction.info(id);
          if (old == null) {
            return new ListingOutcome.Missing(false);
          }
          Totals totals = transaction.totals(id);
          if (totals.all().rows() != 0) {
            return new ListingOutcome.NotEmpty();
          }
          ListingInfo info =
              old.withDeleted(at)
                  .withMetadata(MetadataUpdate.removal(old, at))
                  .tidied(limits, transaction.now());
          if (!info.isDeleted(totals)) {
            return new ListingOutcome.Superseded();
          }
          transaction.setInfo(id, info);
          return new ListingOutcome.Deleted(!old.isDeleted(totals));
        });
  }

  /// Joins rows into containers, all in one batch.
  ///
  /// A container that is deleted takes rows as well, and exists again if one of them is live: the
  /// object was stored, so it has to be listed.
  ///
  /// @return for each whether there is such a container
  public CompletableFuture<List<Boolean>> merge(List<Rows> updates) {
    return store.submit(new Merge(updates));
  }

  private record Merge(List<Rows> updates) implements ListingChange<List<Boolean>> {
    @Override
    public int cost() {
      return 1 + updates.stream().mapToInt(update -> update.rows().size()).sum();
    }

    @Override
    public void prefetch(ListingTransaction transaction) throws KeyValueFault {
      for (Rows update : updates) {
        transaction.prefetch(update.container(), RowType.OBJECTS, update.rows());
      }
    }

    @Override
    public List<Boolean> apply(ListingTransaction transaction) throws KeyValueFault {
      List<Boolean> known = new ArrayList<>(updates.size());
      for (Rows update : updates) {
        known.add(apply(transaction, update));
      }
      return known;
    }

    private static boolean apply(ListingTransaction transaction, Rows update) throws KeyValueFault {
      ListingId id = update.container();
      if (transaction.info(id) == null) {
        if (update.createWithPolicy().isEmpty() || update.rows().isEmpty()) {
          return false;
        }
        Timestamp at = update.rows().getFirst().data();
        transaction.setInfo(
            id, ListingInfo.created(id.path(), at, update.createWithPolicy().getAsInt()));
      }
      for (ListingRow row : update.rows()) {
        transaction.merge(id, RowType.OBJECTS, row);
      }
      return true;
    }
  }

  /// What an account's listing is told of a container.
  public static ContainerStat stat(ListingInfo info, Totals totals) {
    String name = info.path().container();
    if (name == null) {
      throw new IllegalArgumentException("not a container: " + info.path());
    }
    SortedMap<Integer, ContainerStat.Usage> usage = new TreeMap<>();
    totals
        .byPolicy()
        .forEach(
            (policy, sum) ->
                usage.put(policy, new ContainerStat.Usage(sum.objects(), sum.bytes())));
    return new ContainerStat(
        name,
        info.put(),
        info.deleted(),
        info.incarnation(),
        totals.rows().with(info.forgotten()),
        usage);
  }
}
