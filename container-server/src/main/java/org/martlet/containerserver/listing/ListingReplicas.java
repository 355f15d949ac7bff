package org.martlet.containerserver.listing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyValueCursor;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueReader;
import org.martlet.common.kv.KeyValueSnapshot;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.ListingEntry;
import org.martlet.common.replication.ListingPart;
import org.martlet.common.replication.ListingSummary;
import org.martlet.common.replication.RowDigest;

/// What a device's listings say to other replicas, and what they take from them.
///
/// Nothing that is said depends on this replica: states, rows and digests are those of the joined
/// changes, so replicas that have the same say the same.
///
/// - Errors, durability and threads: as [ListingStore].
public final class ListingReplicas {
  /// What rows of one answer may add up to, by and large.
  private static final int FETCH_BYTES = 4 << 20;

  private final ListingStore store;
  private final MetadataLimits limits;

  public ListingReplicas(ListingStore store, MetadataLimits limits) {
    this.store = store;
    this.limits = limits;
  }

  /// Listings in the order of their hashes.
  ///
  /// @param next where the next page begins; empty at the end of the range
  public record Page(List<ListingEntry> entries, Optional<ObjectHash> next) {}

  /// What became of a listing that was to be dropped.
  public enum Dropped {
    /// It is gone, with all rows.
    DROPPED,
    /// It has changed; it stays.
    CHANGED,
    /// It was not here.
    GONE
  }

  /// Digests by the first bits of the hash; see [ListingDigests#byPrefix].
  public SortedMap<Integer, Digest> digests(
      ListingKind kind, int bits, int first, int last, int limit) throws ListingFault {
    return store.read(
        stored -> new ListingDigests(stored).byPrefix(kind, bits, first, last, limit));
  }

  /// Whether there are no listings of a kind.
  public boolean isEmpty(ListingKind kind) throws ListingFault {
    return digests(kind, 0, 0, 0, 1).isEmpty();
  }

  public Page listings(ListingKind kind, HashRange range, int limit) throws ListingFault {
    return store.read(
        stored -> {
          List<ListingEntry> entries = new ArrayList<>();
          try (KeyValueCursor cursor =
              stored.cursor(ListingKeys.LISTINGS, ListingKeys.listings(kind, range))) {
            for (boolean more = cursor.first(); more; more = cursor.next()) {
              byte[] key = cursor.key();
              ObjectHash hash = ListingKeys.hashOfListing(key);
              if (ListingKeys.isInfo(key)) {
                continue;
              }
              if (entries.size() == limit) {
                return new Page(entries, Optional.of(hash));
              }
              entries.add(new ListingEntry(hash, Totals.decode(cursor.value()).digest()));
            }
          }
          return new Page(entries, Optional.empty());
        });
  }

  /// A listing as it is compared.
  ///
  /// @param deleted when it was deleted; [Timestamp#ZERO] if it exists
  public record Head(ListingSummary summary, Timestamp deleted) {}

  /// A listing's digests; empty if it is not here.
  public Optional<Head> head(ListingKind kind, ObjectHash hash) throws ListingFault {
    return store.read(
        stored -> {
          try (KeyValueSnapshot snapshot = stored.snapshot()) {
            Optional<ListingId> id = find(snapshot, kind, hash);
            return id.isEmpty() ? Optional.empty() : head(snapshot, id.get());
          }
        });
  }

  private Optional<Head> head(KeyValueReader snapshot, ListingId id) throws KeyValueFault {
    ListingState state = ListingState.read(snapshot, id);
    @Nullable ListingInfo info = state.info();
    if (info == null) {
      return Optional.empty();
    }
    ListingSummary summary =
        new ListingSummary(
            state.totals().digest(),
            hasher().info(id, info.encode()),
            new ListingDigests(snapshot).nameLeaves(id));
    return Optional.of(
        new Head(summary, info.isDeleted(state.totals()) ? info.deleted() : Timestamp.ZERO));
  }

  /// Rows, live and deleted, as they are compared; empty if the listing is not here.
  ///
  /// @param leaves whose names are wanted
  /// @param after the name after which the page begins; empty for the first page
  /// @param limit of rows
  /// @param time after which the page ends where it is
  public Optional<RowDigest.Page> rows(
      ListingKind kind, ObjectHash hash, BitSet leaves, String after, int limit, Duration time)
      throws ListingFault {
    ScanLimit end = ScanLimit.of(limit, time, store.environment().ticker());
    return store.read(
        stored -> {
          try (KeyValueSnapshot snapshot = stored.snapshot()) {
            Optional<ListingId> id = find(snapshot, kind, hash);
            return id.isEmpty()
                ? Optional.empty()
                : Optional.of(
                    new RowComparison<>(id.get(), RowType.of(kind), hasher(), leaves, end)
                        .run(snapshot, after));
          }
        });
  }

  private StateHasher hasher() {
    return new StateHasher(store.environment().digestKey(), store.environment().hasher());
  }

  /// Whole rows with the state of their listing, as many as fit into one answer, in the order
  /// asked; rows that are not here are left out. Empty if the listing is not here.
  public Optional<ListingPart> fetch(
      ListingKind kind, ObjectHash hash, List<String> names, EntryCost cost) throws ListingFault {
    return store.read(
        stored -> {
          try (KeyValueSnapshot snapshot = stored.snapshot()) {
            byte @Nullable [] info =
                snapshot.get(ListingKeys.LISTINGS, ListingKeys.info(kind, hash));
            if (info == null) {
              return Optional.empty();
            }
            ListingId id = new ListingId(kind, ListingInfo.decode(info).path(), hash);
            return Optional.of(
                new ListingPart(ByteBuffer.wrap(info), fetch(snapshot, id, names, cost)));
          }
        });
  }

  private static List<ListingPart.Row> fetch(
      KeyValueReader snapshot, ListingId id, List<String> names, EntryCost cost)
      throws KeyValueFault {
    List<byte[]> keys = new ArrayList<>(2 * names.size());
    for (String name : names) {
      byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
      keys.add(ListingKeys.row(id, true, utf8));
      keys.add(ListingKeys.row(id, false, utf8));
    }
    List<byte @Nullable []> values = snapshot.multiGet(ListingKeys.ROWS, keys);
    List<ListingPart.Row> rows = new ArrayList<>();
    int bytes = 0;
    for (int i = 0; i < names.size() && bytes < FETCH_BYTES; i++) {
      byte @Nullable [] live = values.get(2 * i);
      byte @Nullable [] value = live != null ? live : values.get(2 * i + 1);
      if (value != null) {
        ListingPart.Row row = new ListingPart.Row(names.get(i), ByteBuffer.wrap(value));
        cost.add(row.bytes());
        bytes += row.bytes();
        rows.add(row);
      }
    }
    return rows;
  }

  /// Joins what another replica has into a listing, which is created if it is not here.
  ///
  /// @param report whether the container is to be reported to its account even if nothing changes:
  ///     the other replica may have told it less
  /// @return completes once it is durable
  /// @throws IllegalArgumentException with words for the sender if it is not what it says, or could
  ///     not be stored
  public CompletableFuture<Boolean> merge(
      ListingKind kind, ObjectHash hash, ListingPart part, boolean report) {
    ListingInfo info = info(kind, hash, part);
    ListingId id = new ListingId(kind, info.path(), hash);
    return store.submit(PartMerge.of(id, RowType.of(kind), info, part.rows(), report, limits));
  }

  private ListingInfo info(ListingKind kind, ObjectHash hash, ListingPart part) {
    byte[] state = new byte[part.state().remaining()];
    part.state().get(state);
    ListingInfo info;
    try {
      info = ListingInfo.decode(state);
    } catch (KeyValueFault e) {
      throw new IllegalArgumentException("a listing's state cannot be read", e);
    }
    EntryChecks.check(info);
    ListingId named = ListingId.of(info.path(), store.environment().hasher());
    if (named.kind() != kind || !named.hash().equals(hash)) {
      throw new IllegalArgumentException("a listing's state is of another listing");
    }
    return info;
  }

  /// Removes a whole listing that all primaries have, if it has not changed.
  ///
  /// What its account has not been told is for the primaries to tell: they took it over when they
  /// merged it.
  public CompletableFuture<Dropped> drop(ListingKind kind, ObjectHash hash, Digest digest)
      throws ListingFault {
    Optional<ListingId> id = store.read(stored -> find(stored, kind, hash));
    return id.isEmpty()
        ? CompletableFuture.completedFuture(Dropped.GONE)
        : store.submit(new Drop(id.get(), digest));
  }

  private record Drop(ListingId id, Digest digest) implements ListingChange<Dropped> {
    @Override
    public boolean alone() {
      return true;
    }

    @Override
    public Dropped apply(ListingTransaction transaction) throws KeyValueFault {
      if (transaction.info(id) == null) {
        return Dropped.GONE;
      }
      if (!transaction.totals(id).digest().equals(digest)) {
        return Dropped.CHANGED;
      }
      transaction.drop(id);
      return Dropped.DROPPED;
    }
  }

  /// Takes out, durably, what was deleted before a moment: rows, and whole listings that have
  /// nothing else. Only for what every other primary can do without.
  ///
  /// @param from where to begin: a whole range, or what the last step left of it
  /// @param time after which the step ends where it is
  public CompletableFuture<Reclaim.Step> reclaim(
      ListingKind kind, Reclaim.Position from, ObjectHash last, Timestamp before, Duration time)
      throws ListingFault {
    ScanLimit end = ScanLimit.of(Reclaim.ROWS, time, store.environment().ticker());
    Reclaim found = store.read(stored -> Reclaim.find(stored, kind, from, last, before, end));
    return found.isEmpty()
        ? CompletableFuture.completedFuture(found.step(0, 0))
        : store.submit(found);
  }

  /// The listing of a hash; empty if it is not here.
  static Optional<ListingId> find(KeyValueReader from, ListingKind kind, ObjectHash hash)
      throws KeyValueFault {
    byte @Nullable [] info = from.get(ListingKeys.LISTINGS, ListingKeys.info(kind, hash));
    return info == null
        ? Optional.empty()
        : Optional.of(new ListingId(kind, ListingInfo.decode(info).path(), hash));
  }
}
