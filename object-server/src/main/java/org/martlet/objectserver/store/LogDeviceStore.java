package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.device.DeviceRefused;
import org.martlet.common.device.LastPass;
import org.martlet.common.device.RejoinRule;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFull;
import org.martlet.common.disk.DiskLock;
import org.martlet.common.disk.DiskOutOfHandles;
import org.martlet.common.disk.DiskSpace;
import org.martlet.common.disk.SpaceGauge;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.replication.HashRange;
import org.martlet.objectserver.index.IndexEntry;
import org.martlet.objectserver.index.LogPosition;
import org.martlet.objectserver.index.ObjectIndex;
import org.martlet.objectserver.index.PolicyCounts;
import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.volume.Envelope;
import org.martlet.objectserver.volume.RecordHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A device whose log is its volumes.
///
/// Threads of its own: the committer, which alone changes anything, and those that flush the index,
/// rewrite volumes and audit. Reads run on the callers' threads. The lock file `object.lock` keeps
/// other processes out.
public final class LogDeviceStore implements DeviceStore {
  private static final Logger LOG = LoggerFactory.getLogger(LogDeviceStore.class);
  static final String LOCK = "object.lock";
  private static final String SERVICE = "object";
  static final int MAX_RECORD_BYTES = RecordHeader.MAX_ENVELOPE / 4;
  private static final long NOT_SEEN = -1;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private final DeviceStoreConfig config;
  private final DiskLock lock;
  private final UUID device;
  private final DeviceTimes times;
  private final DeviceParts parts;
  private final LastPass lastPass;
  private final RecoveryReport recovery;
  private final CommitQueue queue;
  private final IndexFlusher flusher;
  private final ObjectReads reads;
  private final Compactor compactor;
  private final Auditor auditor;
  private final LeafRefiner refiner;
  private final StoreInspection inspection;
  private final Committer committer;
  private final Thread committerThread;
  private volatile Consumer<ObjectKey> quarantineListener = key -> {};
  private boolean closed;

  private record Named(UUID device, DeviceTimes times) {}

  private LogDeviceStore(
      DeviceStoreConfig config,
      StoreEnvironment environment,
      DiskLock lock,
      Named named,
      DeviceOpening.Opened opened)
      throws KeyValueFault {
    this.config = config;
    this.lock = lock;
    this.device = named.device();
    this.times = named.times();
    this.lastPass = new LastPass(environment.disk(), config.root(), SERVICE);
    this.parts = opened.parts();
    this.recovery = opened.report();
    this.queue = new CommitQueue(config.queue(), environment.ticker());
    String name = String.valueOf(config.root().getFileName());
    DeviceStoreConfig.Background background = config.background();
    this.flusher =
        new IndexFlusher("flush-" + name, parts.index(), parts.health(), background.flush());
    this.reads = new ObjectReads(parts, new BufferPool(), this::quarantine);
    this.compactor =
        new Compactor("compact-" + name, parts, queue, flusher, this::quarantine, config);
    this.auditor =
        new Auditor(
            "audit-" + name,
            parts,
            this::quarantine,
            this::removeOrphans,
            environment.clock(),
            background.audit());
    this.refiner = new LeafRefiner("digests-" + name, parts, queue, flusher, config);
    this.inspection =
        new StoreInspection(
            new StoreInspection.Device(
                environment.disk(), config.root(), config.space(), device, environment.clusterId()),
            parts,
            recovery,
            this);
    this.committer = new Committer(parts, queue, flusher, times, environment.ticker());
    this.committerThread = Thread.ofPlatform().daemon().name("commit-" + name).unstarted(committer);
  }

  /// Opens a device that has an identity ([DeviceIdentity#create]).
  ///
  /// @throws DeviceRefused if this is not a device that may be opened here and now
  /// @throws IOException if the disk or the index fails
  public static LogDeviceStore open(DeviceStoreConfig config, StoreEnvironment given)
      throws IOException {
    FaultCounts faults = new FaultCounts();
    DeviceTimes times = new DeviceTimes();
    StoreEnvironment environment =
        given.on(new CountedDisk(given.disk(), faults, times, given.ticker()));
    UUID device =
        DeviceIdentity.read(environment.disk(), config.root(), environment.clusterId()).device();
    DiskLock lock = lock(config, environment);
    try {
      SpaceGauge space =
          new SpaceGauge(
              environment.disk(), config.root(), config.space(), environment.ticker()::read);
      DamagedIndexMark damagedIndex = new DamagedIndexMark(environment.disk(), config.root());
      DeviceHealth health =
          new DeviceHealth(
              config.root().toString(),
              environment.ticker(),
              config.queue().syncLimit(),
              space,
              damagedIndex,
              faults);
      DeviceOpening.Opened opened =
          new DeviceOpening(config, environment, device, damagedIndex).open(health);
      LogDeviceStore store =
          new LogDeviceStore(config, environment, lock, new Named(device, times), opened);
      store.start();
      return store;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static DiskLock lock(DeviceStoreConfig config, StoreEnvironment environment)
      throws IOException {
    return environment
        .disk()
        .tryLock(config.root().resolve(LOCK))
        .orElseThrow(() -> new DeviceRefused(config.root() + " is in use by another process"));
  }

  /// Makes the index of a device anew from its volumes alone; the old one goes to quarantine.
  ///
  /// A crash in its middle leaves it to the next start.
  ///
  /// @return what the volumes held
  /// @throws DeviceRefused if this is no device of the cluster, or a server has it open
  /// @throws IOException if the disk or the new index fails
  public static RecoveryReport rebuildIndex(DeviceStoreConfig config, StoreEnvironment environment)
      throws IOException {
    DeviceIdentity.read(environment.disk(), config.root(), environment.clusterId());
    DiskLock lock = lock(config, environment);
    try {
      new DamagedIndexMark(environment.disk(), config.root()).setOnRequest();
    } finally {
      lock.close();
    }
    try (LogDeviceStore store = open(config, environment)) {
      return store.recovery();
    }
  }

  private void start() {
    committerThread.start();
    loops().forEach(BackgroundLoop::start);
    LOG.info("{} is open: {}", config.root(), recovery);
  }

  private List<BackgroundLoop> loops() {
    return List.of(flusher.loop(), compactor.loop(), auditor.loop(), refiner.loop());
  }

  /// What opening found and did.
  public RecoveryReport recovery() {
    return recovery;
  }

  @Override
  public UUID deviceUuid() {
    return device;
  }

  @Override
  public DeviceStatus status() {
    return parts.health().status();
  }

  @Override
  public DeviceStatus lastStatus() {
    return parts.health().lastStatus();
  }

  @Override
  public FaultCounts faults() {
    return parts.health().faults();
  }

  @Override
  public DeviceTimes times() {
    return times;
  }

  @Override
  public Optional<DiskSpace> lastSpace() {
    return parts.health().lastSpace();
  }

  @Override
  public void whenQuarantined(Consumer<ObjectKey> listener) {
    quarantineListener = listener;
  }

  @Override
  public Optional<MutationOutcome.Refusal> refusal(long bodyBytes) {
    return Optional.ofNullable(parts.health().refusal(bodyBytes));
  }

  @Override
  public Optional<IndexedObject> lookup(ObjectKey key) throws StoreFault {
    IndexEntry entry = reads.entry(key);
    ObjectClocks clocks = entry == null ? null : entry.clocks();
    return entry == null || clocks == null
        ? Optional.empty()
        : Optional.of(new IndexedObject(key, clocks, entry.sequence(), entry.due() != 0));
  }

  @Override
  public Optional<StoredObject> read(ObjectKey key) throws StoreFault {
    return reads.read(key);
  }

  @Override
  public Optional<OpenObject> open(ObjectKey key) throws StoreFault {
    return reads.open(key);
  }

  @Override
  public CompletableFuture<MutationOutcome> submit(Mutation mutation) {
    NewBody body = Request.Change.body(mutation);
    if (body instanceof InlineBody inline && inline.size() > inlineLimit()) {
      throw new IllegalArgumentException("body is too large to be inline: " + inline.size());
    }
    if (body instanceof StagedBlob blob && !blob.claim()) {
      throw new IllegalArgumentException("the body was submitted or given up before");
    }
    checkSize(mutation);
    CompletableFuture<MutationOutcome> answer = new CompletableFuture<>();
    MutationOutcome.Refusal refusal = parts.health().refusal(stillToBeWritten(body));
    if (refusal == null) {
      refusal = enqueue(mutation, answer);
    }
    if (refusal != null) {
      dropBlob(body);
      answer.complete(refusal);
    }
    return body instanceof StagedBlob blob
        ? answer.whenComplete((outcome, failure) -> parts.blobs().settle(blob.id()))
        : answer;
  }

  /// A body in a file of its own is on the disk already.
  private static long stillToBeWritten(@Nullable NewBody body) {
    return switch (body) {
      case InlineBody inline -> inline.size();
      case StagedBlob blob -> Math.min(1, blob.size());
      case null -> 0;
    };
  }

  @Override
  public void refuseOverdue() {
    queue.refuseOverdue();
    parts.health().announce();
  }

  @Override
  public int queued() {
    return queue.depth();
  }

  /// The committer has to be able to write whatever was queued, merged with whatever is there.
  private static void checkSize(Mutation mutation) {
    int bytes =
        switch (mutation) {
          case Mutation.Put put -> Envelope.sizeOf(put.record());
          case Mutation.Apply apply -> Envelope.sizeOf(apply.record());
          case Mutation.Delete delete -> Envelope.sizeOf(delete.record());
          case Mutation.Post post -> post.metadata().headers().encodedLength();
          case Mutation.Forget forget -> 0;
        };
    if (bytes > MAX_RECORD_BYTES) {
      throw new IllegalArgumentException("name and metadata are too large: " + bytes + " bytes");
    }
  }

  private MutationOutcome.@Nullable Refusal enqueue(
      Mutation mutation, CompletableFuture<MutationOutcome> answer) {
    try {
      long changes = parts.index().changes();
      Current seen = look(mutation);
      long seenAt = seen == null ? NOT_SEEN : changes;
      Current known = seen == null ? new Current(null, null) : seen;
      return queue.add(new Request.Change(mutation, known, seenAt, answer));
    } catch (StoreFault e) {
      LOG.warn("a mutation of {} is refused", mutation.key().hash(), e);
      return e.refusal().orElseGet(() -> new MutationOutcome.Unavailable(status()));
    }
  }

  /// Reads what the committer will need, so that it finds it in memory.
  ///
  /// @return null if the record is damaged, or has moved
  private @Nullable Current look(Mutation mutation) throws StoreFault {
    IndexEntry entry = reads.anyEntry(mutation.key());
    Current current = new Current(entry, null);
    if (entry != null && Planner.plan(mutation, current) instanceof Plan.NeedsRecord) {
      Envelope envelope = reads.envelope(mutation.key(), entry);
      return envelope == null ? null : new Current(entry, envelope);
    }
    return current;
  }

  private void dropBlob(@Nullable NewBody body) {
    if (body instanceof StagedBlob blob && !parts.health().isOver()) {
      DeviceHealth.Watch watch = parts.health().watch();
      try {
        parts.blobs().delete(blob.id());
      } catch (DiskFault e) {
        LOG.warn("blob {} stays until the next audit", blob.id(), e);
      } finally {
        watch.end();
      }
    }
  }

  private void quarantine(ObjectKey key, IndexEntry found, IOException reason) {
    LOG.error("{} is damaged and goes to quarantine", key, reason);
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    if (queue.add(new Request.Quarantine(key, found, answer)) == null && answer.join()) {
      quarantineListener.accept(key);
    }
  }

  private int removeOrphans(List<Long> blobs) {
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    return queue.add(new Request.Sweep(blobs, answer)) == null ? answer.join() : 0;
  }

  @Override
  public int inlineLimit() {
    return Math.toIntExact(config.inlineLimit().bytes());
  }

  @Override
  public BlobWriter newBlob() throws StoreFault {
    return BlobUpload.begin(parts);
  }

  @Override
  public List<DueMark> dueMarks(Optional<DueMark> after, int limit) throws StoreFault {
    ObjectIndex.Due from =
        after.map(m -> new ObjectIndex.Due(m.sequence(), m.key(), m.target())).orElse(null);
    return query(index -> index.due(from, limit)).stream()
        .map(due -> new DueMark(due.key(), due.target(), due.sequence()))
        .toList();
  }

  @Override
  public CompletableFuture<Boolean> clear(DueMark mark) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    if (parts.health().isOver() || queue.add(new Request.Clear(mark, answer)) != null) {
      answer.complete(false);
    }
    return answer;
  }

  @Override
  public List<Expiring> expiring(long until, Optional<Expiring> after, int limit)
      throws StoreFault {
    ObjectIndex.Expiring from =
        after.map(e -> new ObjectIndex.Expiring(e.deleteAt(), e.key())).orElse(null);
    return query(index -> index.expiring(until, from, limit)).stream()
        .map(found -> new Expiring(found.deleteAt(), found.key()))
        .toList();
  }

  @Override
  public Digest partitionDigest(int policy, int partPower, PartitionId partition)
      throws StoreFault {
    return query(index -> index.leaves(policy, partPower, partition, partPower)).values().stream()
        .reduce(Digest.ZERO, Digest::xor);
  }

  @Override
  public SortedMap<Integer, Digest> partitionDigests(int policy, int partPower) throws StoreFault {
    if (refiner.isAwaited(partPower)) {
      throw new StoreFault(
          "digests for a part power of " + partPower + " are in the making",
          new MutationOutcome.Busy());
    }
    return query(index -> index.leaves(policy, 0, new PartitionId(0), partPower));
  }

  @Override
  public int leafBits() {
    return parts.index().leafBits();
  }

  @Override
  public List<LeafDigest> leafDigests(int policy, int partPower, PartitionId partition, int bits)
      throws StoreFault {
    if (bits < partPower || bits > 31) {
      throw new IllegalArgumentException("bits are not in " + partPower + "..31: " + bits);
    }
    return query(index -> index.leaves(policy, partPower, partition, bits)).entrySet().stream()
        .map(leaf -> new LeafDigest(leaf.getKey(), leaf.getValue()))
        .toList();
  }

  @Override
  public List<IndexedObject> list(int policy, ObjectHash from, ObjectHash to, int limit)
      throws StoreFault {
    return query(index -> index.list(policy, from, to, limit)).stream()
        .flatMap(found -> indexed(found).stream())
        .toList();
  }

  @Override
  public IndexPage scan(
      int policy,
      HashRange range,
      int limit,
      Predicate<ObjectClocks> filter,
      BooleanSupplier isOver)
      throws StoreFault {
    ObjectIndex.Page page =
        query(
            index ->
                index.scan(
                    policy,
                    range,
                    limit,
                    entry -> entry.clocks() != null && filter.test(entry.clocks()),
                    isOver));
    List<IndexedObject> found =
        page.entries().stream().flatMap(entry -> indexed(entry).stream()).toList();
    return new IndexPage(found, Optional.ofNullable(page.next()));
  }

  private static Optional<IndexedObject> indexed(ObjectIndex.KeyedEntry found) {
    IndexEntry entry = found.entry();
    return Optional.ofNullable(entry.clocks())
        .map(clocks -> new IndexedObject(found.key(), clocks, entry.sequence(), entry.due() != 0));
  }

  private interface Query<T> {
    T ask(ObjectIndex index) throws KeyValueFault;
  }

  private <T> T query(Query<T> query) throws StoreFault {
    parts.health().checkReadable();
    try {
      return query.ask(parts.index());
    } catch (KeyValueFault e) {
      throw ObjectReads.indexFault(parts.health(), e);
    } catch (IllegalStateException e) {
      throw new StoreFault("the device is closed", e);
    }
  }

  @Override
  public PolicyStatistics statistics(int policy) {
    PolicyCounts counts = parts.index().counts(policy);
    return new PolicyStatistics(counts.objects(), counts.bytes(), counts.tombstones());
  }

  @Override
  public List<Integer> policies() {
    return parts.index().policies();
  }

  /// Rewrites what is worth it now, on the caller's thread.
  void compact() {
    compactor.pass();
  }

  /// Makes the index durable now, on the caller's thread.
  void checkpoint() {
    flusher.flushNow();
  }

  /// Verifies everything now, on the caller's thread.
  void audit() {
    auditor.pass();
  }

  /// Makes finer digests now, on the caller's thread.
  void refineDigests(int leafBits) throws KeyValueFault {
    refiner.refine(leafBits);
  }

  @Override
  public AuditReport auditReport() {
    return auditor.report();
  }

  @Override
  public VolumesReport volumes() {
    LogPosition end = parts.index().position();
    SortedMap<Integer, Long> sizes = new TreeMap<>(parts.volumes().sealed());
    if (end.volume() > 0) {
      sizes.putIfAbsent(end.volume(), end.offset());
    }
    long bytes = sizes.values().stream().mapToLong(Long::longValue).sum();
    long live = sizes.keySet().stream().mapToLong(parts.index()::liveBytes).sum();
    long gone = sizes.keySet().stream().mapToLong(parts.index()::goneBytes).sum();
    return new VolumesReport(sizes.size(), bytes, live, gone);
  }

  @Override
  public WrittenReport written() {
    return committer.written();
  }

  @Override
  public CompactionReport compaction() {
    return compactor.report();
  }

  @Override
  public ObjectFacts inspect(ObjectKey key) throws StoreFault {
    return inspection.object(key);
  }

  @Override
  public DeviceFacts describe() {
    return inspection.device();
  }

  /// Whether a device may be opened with what it holds: one that was away for too long may not,
  /// unless it holds nothing.
  ///
  /// @throws DeviceRefused if it may not
  /// @throws IOException if the disk fails
  public static void checkRejoin(RejoinRule rule, Path root, StoreEnvironment environment)
      throws IOException {
    Path volumes = root.resolve(DeviceOpening.VOLUMES);
    Disk disk = environment.disk();
    if (disk.exists(volumes) && !disk.list(volumes).isEmpty()) {
      rule.check(new LastPass(disk, root, SERVICE), root, environment.clock().instant());
    }
  }

  @Override
  public Optional<Instant> lastPass() throws StoreFault {
    parts.health().checkReadable();
    try {
      return lastPass.read();
    } catch (IOException e) {
      throw new StoreFault("the moment of the last pass cannot be read", e);
    }
  }

  @Override
  public void passed(Instant moment) throws StoreFault {
    MutationOutcome.Refusal refusal = parts.health().refusal(0);
    if (refusal != null) {
      throw new StoreFault("the device takes no changes: " + refusal, refusal);
    }
    DeviceHealth.Watch watch = parts.health().watch();
    try {
      lastPass.write(moment);
    } catch (DiskFull e) {
      throw new StoreFault(e.getMessage(), new MutationOutcome.InsufficientStorage());
    } catch (DiskOutOfHandles e) {
      throw new StoreFault(e.getMessage(), new MutationOutcome.Busy());
    } catch (IOException e) {
      parts.health().offline("noting a pass failed", e);
      throw new StoreFault("noting a pass failed", e);
    } finally {
      watch.end();
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    loops().forEach(BackgroundLoop::stop);
    // What the compactor and the auditor have asked of the committer is still answered.
    queue.close();
    boolean stopped = hasEnded();
    if (stopped && !parts.health().isOver()) {
      flusher.flush();
    }
    parts.health().closed();
    if (!stopped) {
      LOG.error("{} does not stop: its files are left open", config.root());
      return;
    }
    parts.index().close();
    parts.volumes().close();
    try {
      parts.writer().close();
      lock.close();
    } catch (DiskFault e) {
      LOG.warn("closing {} failed", config.root(), e);
    }
  }

  private boolean hasEnded() {
    try {
      boolean ended = committerThread.join(STOP_LIMIT);
      for (BackgroundLoop loop : loops()) {
        ended &= loop.join(STOP_LIMIT);
      }
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("interrupted while {} stops", config.root(), e);
      return false;
    }
  }
}
