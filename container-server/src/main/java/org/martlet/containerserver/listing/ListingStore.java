package org.martlet.containerserver.listing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.Disk;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueBatch;
import org.martlet.common.kv.KeyValueCursor;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueOpener;
import org.martlet.common.kv.KeyValueSnapshot;
import org.martlet.common.kv.KeyValueStore;
import org.martlet.common.kv.WriteMode;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.runtime.Buckets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All listings of one device.
///
/// Changes go through one committer thread: it takes what waits, applies it to what is stored,
/// writes one batch with one sync, and only then completes the futures. It never waits for more to
/// come. So rows, totals, digests and due marks are always consistent with each other.
///
/// - Durability: what a future reports is synced.
/// - Errors: futures fail with [ListingFault]; after a failed write the store is offline for good.
/// - Threads: changes from any thread, without blocking; futures complete on the committer, so what
///   hangs on them must not block. Reads block on the device: platform threads only.
public final class ListingStore implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ListingStore.class);
  private static final byte FORMAT = 2;

  private final String device;
  private final KeyValueStore store;
  private final ListingStoreConfig config;
  private final ListingEnvironment environment;
  private final CorruptionMark corruption;
  private final CommitQueue queue;
  private final StateHasher hasher;
  private final Thread committer;
  private final Counter rowsChanged;
  private final Timer commits;
  private final DistributionSummary groups;
  private final Gauge waiting;
  private volatile @Nullable ListingFault offline;
  private volatile boolean committing;
  private volatile long commitBegan;

  private ListingStore(
      String device,
      KeyValueStore store,
      CorruptionMark corruption,
      ListingStoreConfig config,
      ListingEnvironment environment) {
    this.device = device;
    this.store = store;
    this.corruption = corruption;
    this.config = config;
    this.environment = environment;
    this.queue = new CommitQueue(config.queueRows());
    this.hasher = new StateHasher(environment.digestKey(), environment.hasher());
    this.committer =
        Thread.ofPlatform().daemon().name("listing-committer-" + device).unstarted(this::run);
    MeterRegistry meters = environment.meters();
    this.rowsChanged =
        Counter.builder("martlet.listing.rows.changed")
            .description("rows of listings that were changed")
            .tag("device", device)
            .register(meters);
    this.commits =
        Timer.builder("martlet.listing.commit.duration")
            .description("time that it takes to make a group of changes durable")
            .serviceLevelObjectives(Buckets.device())
            .tag("device", device)
            .register(meters);
    this.groups =
        DistributionSummary.builder("martlet.listing.commit.group")
            .description("changes that were made durable by one sync")
            .serviceLevelObjectives(Buckets.groups())
            .tag("device", device)
            .register(meters);
    this.waiting =
        Gauge.builder("martlet.listing.commit.queued", queue, CommitQueue::waitingCost)
            .description("rows that wait to be committed")
            .tag("device", device)
            .register(meters);
  }

  /// How many corrupt databases of a device were moved aside, and wait for somebody to remove them.
  public static int movedAside(Disk disk, Path device) throws IOException {
    return ListingDatabase.movedAside(disk, device);
  }

  /// Opens a device's listings; a corrupt database is moved aside and replaced by an empty one.
  ///
  /// @param device the device's directory, which must be there
  /// @throws IOException if the device or the database fails, or another version wrote it
  public static ListingStore open(
      Path device,
      Disk disk,
      KeyValueOpener opener,
      ListingStoreConfig config,
      ListingEnvironment environment)
      throws IOException {
    KeyValueStore store = new ListingDatabase(disk, opener, environment.clock()).open(device);
    try {
      checkFormat(store);
    } catch (IOException e) {
      store.close();
      throw e;
    }
    CorruptionMark corruption = new CorruptionMark(disk, device);
    String name = device.getFileName().toString();
    ListingStore listings = new ListingStore(name, store, corruption, config, environment);
    listings.committer.start();
    return listings;
  }

  private static void checkFormat(KeyValueStore store) throws IOException {
    byte @Nullable [] format = store.get(ListingKeys.LISTINGS, ListingKeys.format());
    if (format == null) {
      KeyValueBatch batch = store.newBatch();
      batch.put(ListingKeys.LISTINGS, ListingKeys.format(), new byte[] {FORMAT});
      store.write(batch, WriteMode.SYNCED);
    } else if (format.length != 1 || format[0] != FORMAT) {
      throw new IOException(
          "the listing database has format "
              + HexFormat.of().formatHex(format)
              + ", this program knows format 0"
              + FORMAT
              + "; nothing was changed: start the version that wrote it, or move listings/ away and"
              + " let the other replicas fill it again");
    }
  }

  ListingEnvironment environment() {
    return environment;
  }

  /// Queues a change.
  <T> CompletableFuture<T> submit(ListingChange<T> change) {
    ListingFault fault = unavailable();
    if (fault != null) {
      return CompletableFuture.failedFuture(fault);
    }
    PendingChange<T> pending = new PendingChange<>(change, environment.ticker().read());
    return switch (queue.offer(pending)) {
      case TAKEN -> pending.future();
      case FULL ->
          CompletableFuture.failedFuture(
              new ListingFault(ListingFault.Kind.BUSY, "too many changes wait"));
      case CLOSED -> CompletableFuture.failedFuture(closed());
    };
  }

  /// Refuses what has waited too long, also while a commit hangs; called regularly by a timer.
  public void refuseOverdue() {
    queue
        .removeOverdue(environment.ticker().read(), config.busyAfter().toNanos())
        .forEach(ListingStore::refuse);
  }

  private static void refuse(PendingChange<?> change) {
    change.fail(new ListingFault(ListingFault.Kind.BUSY, "the change waited too long"));
  }

  private static ListingFault closed() {
    return new ListingFault(ListingFault.Kind.OFFLINE, "the listing store is closed");
  }

  /// Why changes are refused now; null if they are not.
  public @Nullable ListingFault unavailable() {
    ListingFault fault = offline;
    if (fault == null && committing && elapsed(commitBegan) > config.hungAfter().toNanos()) {
      fault = new ListingFault(ListingFault.Kind.HUNG, "a commit hangs");
    }
    return fault;
  }

  private long elapsed(long since) {
    return environment.ticker().read() - since;
  }

  /// A listing's state and totals.
  public ListingState state(ListingId id) throws ListingFault {
    return read(stored -> ListingState.read(stored, id));
  }

  /// A listing's state, totals and a page of its rows, of one moment. A listing that is marked
  /// as deleted is shown with what is left in it.
  <R> ListingPage<R> page(ListingId id, RowType<R> type, ListingQuery query, EntryCost cost)
      throws ListingFault {
    return read(
        stored -> {
          try (KeyValueSnapshot snapshot = stored.snapshot()) {
            ListingState state = ListingState.read(snapshot, id);
            ListingInfo info = state.info();
            if (info == null) {
              return new ListingPage<>(state, List.of());
            }
            ListingQuery selected =
                type.listsOwnPolicyOnly() ? query.orPolicy(info.policy()) : query;
            return new ListingPage<>(state, ListingScan.run(snapshot, id, type, selected, cost));
          }
        });
  }

  public ListingDigests digests() {
    return new ListingDigests(store);
  }

  /// Marks of containers whose accounts have not been told, from a hash on.
  ///
  /// @param from inclusive; null for the first
  public List<DueReport> due(@Nullable ObjectHash from, int limit) throws ListingFault {
    return read(
        stored -> {
          List<DueReport> found = new ArrayList<>();
          KeyRange range = KeyRange.of(from == null ? null : ListingKeys.mark(from), null);
          try (KeyValueCursor cursor = stored.cursor(ListingKeys.DUE, range)) {
            boolean more = cursor.first();
            while (more && found.size() < limit) {
              found.add(DueReport.decode(ObjectHash.of(cursor.key()), cursor.value()));
              more = cursor.next();
            }
          }
          return found;
        });
  }

  /// Takes a container's mark away, unless the container has changed since.
  ///
  /// @param changed the clock of what its account was told
  public CompletableFuture<Boolean> clearDue(ObjectHash container, Timestamp changed) {
    return editDue(container, changed, null);
  }

  /// Leaves a mark to be tried again later, unless the container has changed since.
  public CompletableFuture<Boolean> postponeDue(DueReport mark, Timestamp until) {
    return editDue(mark.hash(), mark.changed(), mark.postponed(until));
  }

  private CompletableFuture<Boolean> editDue(
      ObjectHash container, Timestamp changed, @Nullable DueReport replacement) {
    return submit(
        transaction -> {
          transaction.editDue(container, changed, replacement);
          return true;
        });
  }

  /// What is found in the database.
  interface Reading<T> {
    T of(KeyValueStore stored) throws KeyValueFault;
  }

  <T> T read(Reading<T> reading) throws ListingFault {
    ListingFault fault = offline;
    if (fault != null) {
      throw fault;
    }
    try {
      return reading.of(store);
    } catch (KeyValueFault e) {
      if (e.kind() == KeyValueFault.Kind.CORRUPT) {
        throw corrupt(e);
      }
      log.error("device {}: a listing cannot be read", device, e);
      throw new ListingFault(ListingFault.Kind.OFFLINE, "a listing cannot be read", e);
    }
  }

  /// Takes the listings offline until the next start, which begins with an empty database.
  private synchronized ListingFault corrupt(KeyValueFault cause) {
    ListingFault known = offline;
    if (known != null) {
      return known;
    }
    ListingFault fault =
        new ListingFault(ListingFault.Kind.OFFLINE, "the listing database is corrupt", cause);
    offline = fault;
    log.error(
        "device {}: the listing database is corrupt, the next start moves it aside", device, cause);
    try {
      corruption.set();
    } catch (IOException e) {
      log.error("device {}: that its listing database is corrupt was not noted", device, e);
    }
    return fault;
  }

  private void run() {
    List<PendingChange<?>> group = queue.take(config.groupRows());
    while (!group.isEmpty()) {
      commitBegan = environment.ticker().read();
      committing = true;
      commit(fresh(group));
      committing = false;
      commits.record(elapsed(commitBegan), TimeUnit.NANOSECONDS);
      groups.record(group.size());
      group = queue.take(config.groupRows());
    }
  }

  /// Refuses what waited too long: whoever asked has given up by now.
  private List<PendingChange<?>> fresh(List<PendingChange<?>> group) {
    List<PendingChange<?>> fresh = new ArrayList<>(group.size());
    for (PendingChange<?> change : group) {
      if (elapsed(change.queuedNanos()) > config.busyAfter().toNanos()) {
        refuse(change);
      } else {
        fresh.add(change);
      }
    }
    return fresh;
  }

  private void commit(List<PendingChange<?>> group) {
    ListingFault fault = offline;
    if (fault != null) {
      group.forEach(change -> change.fail(fault));
      return;
    }
    try {
      List<PendingChange<?>> applied = write(group);
      applied.forEach(PendingChange::complete);
    } catch (KeyValueFault e) {
      fail(group, e);
    } catch (RuntimeException | Error e) {
      log.error("device {}: a commit failed, the listings are offline", device, e);
      ListingFault broken = new ListingFault(ListingFault.Kind.OFFLINE, "a commit failed: " + e, e);
      offline = broken;
      group.forEach(change -> change.fail(broken));
    }
  }

  /// Writes a group; a change that cannot be applied fails alone.
  private List<PendingChange<?>> write(List<PendingChange<?>> group) throws KeyValueFault {
    List<PendingChange<?>> left = new ArrayList<>(group);
    ListingTransaction transaction = apply(left);
    while (transaction == null) {
      transaction = apply(left);
    }
    KeyValueBatch batch = store.newBatch();
    transaction.writeTo(batch);
    if (!batch.isEmpty()) {
      store.write(batch, WriteMode.SYNCED);
    }
    rowsChanged.increment(transaction.changedRows());
    return left;
  }

  /// Null if a change failed: it was taken out, and the rest must be applied to a new transaction.
  private @Nullable ListingTransaction apply(List<PendingChange<?>> changes) throws KeyValueFault {
    Timestamp now = Timestamp.of(environment.clock().instant());
    ListingTransaction transaction = new ListingTransaction(store, hasher, now);
    for (PendingChange<?> change : changes) {
      try {
        change.prefetch(transaction);
        change.apply(transaction);
      } catch (RuntimeException e) {
        log.error("device {}: a change of a listing failed", device, e);
        change.fail(e);
        changes.remove(change);
        return null;
      }
    }
    return transaction;
  }

  private void fail(List<PendingChange<?>> group, KeyValueFault cause) {
    ListingFault fault;
    if (cause.kind() == KeyValueFault.Kind.NO_SPACE) {
      log.warn("device {}: no space for changes of listings", device, cause);
      fault = new ListingFault(ListingFault.Kind.FULL, "no space for changes", cause);
    } else if (cause.kind() == KeyValueFault.Kind.CORRUPT) {
      fault = corrupt(cause);
    } else {
      log.error("device {}: a commit failed, the listings are offline", device, cause);
      fault = new ListingFault(ListingFault.Kind.OFFLINE, "a commit failed", cause);
      offline = fault;
    }
    group.forEach(change -> change.fail(fault));
  }

  /// Commits what waits, then closes the database. Later changes and reads fail.
  ///
  /// A device that hangs is not waited for longer than [ListingStoreConfig#hungAfter]; its database
  /// then stays open, because closing it would hang as well.
  @Override
  public void close() {
    queue.close();
    environment.meters().remove(waiting);
    if (!joinCommitter()) {
      log.error("device {}: a commit hangs, its listing database is not closed", device);
      return;
    }
    if (offline == null) {
      offline = closed();
    }
    store.close();
  }

  private boolean joinCommitter() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return committer.join(config.hungAfter());
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
