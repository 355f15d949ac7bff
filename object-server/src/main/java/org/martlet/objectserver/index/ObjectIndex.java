package org.martlet.objectserver.index;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueBatch;
import org.martlet.common.kv.KeyValueCursor;
import org.martlet.common.kv.KeyValueFamily;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueReader;
import org.martlet.common.kv.KeyValueSnapshot;
import org.martlet.common.kv.KeyValueStore;
import org.martlet.common.kv.WriteMode;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.replication.HashRange;
import org.martlet.objectserver.state.ObjectKey;

/// The index of one device.
///
/// - Durability: changes are in memory until [#flush]; after a crash it is as at some change
///   after the last flush, whole, and [#position] says which.
/// - Threads: reads from any platform thread; changes, through one [IndexChange] at a time, from
///   one.
public final class ObjectIndex implements AutoCloseable {
  private static final int LOOKED_BETWEEN = 1000;

  private final KeyValueStore store;
  private final UUID device;
  private final byte[] digestSecret;
  private final StateDigest digests;
  private final IndexIdentity.Secret secret;
  private final ConcurrentMap<Integer, PolicyCounts> counts = new ConcurrentHashMap<>();
  private final ConcurrentMap<VolumeUse, Long> uses = new ConcurrentHashMap<>();

  /// Used by whoever changes the index.
  private final LeafCache changedLeaves = new LeafCache();

  private final RecentChanges recent = new RecentChanges();

  private volatile LogPosition position = LogPosition.START;
  private volatile LeafForm form = new LeafForm(0, 0);

  /// The making of finer digests that is under way; changed by whoever changes the index.
  private volatile @Nullable LeafRefinement refinement;

  /// @param store opened with [#families]; closed with this
  /// @param digestSecret the cluster's secret
  public ObjectIndex(KeyValueStore store, UUID device, byte[] digestSecret) {
    this.store = store;
    this.device = device;
    this.digestSecret = digestSecret.clone();
    this.digests = new StateDigest(digestSecret);
    this.secret = new IndexIdentity.Secret(digestSecret);
  }

  /// The families that the database of an index has.
  public static List<KeyValueFamily> families() {
    return List.of(Keys.OBJECTS, Keys.DUE, Keys.EXPIRIES, Keys.DIGESTS, Keys.BLOBS, Keys.META);
  }

  /// Reads what is known in memory. To be called once, before anything else.
  ///
  /// @return false if this is no index of this device: it has to be [#clear]ed and rebuilt
  public boolean load() throws KeyValueFault {
    IndexIdentity identity = IndexIdentity.decode(store.get(Keys.META, Keys.IDENTITY));
    byte[] bytes = store.get(Keys.META, Keys.POSITION);
    if (identity == null || bytes == null || !identity.device().equals(device)) {
      return false;
    }
    form = identity.form();
    try {
      loadAll(bytes);
    } catch (BufferUnderflowException e) {
      throw new KeyValueFault(KeyValueFault.Kind.CORRUPT, "the index cannot be read", e);
    }
    return true;
  }

  private void loadAll(byte[] storedPosition) throws KeyValueFault {
    ByteBuffer from = ByteBuffer.wrap(storedPosition);
    position = new LogPosition(from.getInt(), from.getLong(), from.getInt());
    try (KeyValueCursor cursor = store.cursor(Keys.META, KeyRange.all())) {
      for (boolean on = cursor.first(); on; on = cursor.next()) {
        loadMeta(ByteBuffer.wrap(cursor.key()), ByteBuffer.wrap(cursor.value()));
      }
    }
  }

  private void loadMeta(ByteBuffer key, ByteBuffer value) {
    byte prefix = key.get();
    switch (prefix) {
      case Keys.POLICY_PREFIX ->
          counts.put(
              Short.toUnsignedInt(key.getShort()),
              new PolicyCounts(value.getLong(), value.getLong(), value.getLong()));
      case Keys.VOLUME_PREFIX, Keys.GONE_PREFIX ->
          uses.put(VolumeUse.read(prefix, key), value.getLong());
      default -> {}
    }
  }

  /// Empties the index.
  public void clear() throws KeyValueFault {
    var batch = store.newBatch();
    byte[] behindAll = new byte[64];
    Arrays.fill(behindAll, (byte) 0xff);
    for (KeyValueFamily family : families()) {
      batch.deleteRange(family, new byte[0], behindAll);
    }
    store.write(batch, WriteMode.NO_LOG);
    counts.clear();
    uses.clear();
    changedLeaves.clear();
    position = LogPosition.START;
    form = new LeafForm(0, 0);
  }

  /// Sees to it that digests have enough leaves and the right secret, and states whose index this
  /// is. Scans the whole index where they have to be computed anew.
  ///
  /// @param minimumLeafBits see [IndexIdentity]
  /// @return whether they were computed anew; to be kept, that has to be flushed
  public boolean settleDigests(int minimumLeafBits) throws KeyValueFault {
    IndexIdentity current = IndexIdentity.decode(store.get(Keys.META, Keys.IDENTITY));
    IndexIdentity wanted = wanted(minimumLeafBits);
    if (current != null && current.isGoodEnough(wanted, minimumLeafBits)) {
      return false;
    }
    form = wanted.form();
    changedLeaves.clear();
    new DigestRebuild(digests, form).run(store);
    var batch = store.newBatch();
    batch.put(Keys.META, Keys.IDENTITY, wanted.encode());
    store.write(batch, WriteMode.NO_LOG);
    return true;
  }

  private IndexIdentity wanted(int minimumLeafBits) {
    return IndexIdentity.wanted(device, secret, minimumLeafBits, records());
  }

  /// Objects and tombstones of all policies.
  public long records() {
    return counts.values().stream().mapToLong(c -> c.objects() + c.tombstones()).sum();
  }

  /// Whether digests should have more leaves than they have.
  ///
  /// @param minimumLeafBits as of [#settleDigests]
  public boolean needsFinerDigests(int minimumLeafBits) {
    IndexIdentity wanted = wanted(minimumLeafBits);
    return !wanted.with(form).isGoodEnough(wanted, minimumLeafBits);
  }

  /// Begins to make finer digests beside those in use: from now on every change is in both. One
  /// that is under way is given up.
  ///
  /// To be called by whoever changes the index, between two changes.
  ///
  /// @param minimumLeafBits as of [#settleDigests]
  /// @return to be closed
  public LeafRefinement refineDigests(int minimumLeafBits) throws KeyValueFault {
    refinement = null;
    LeafForm next = form.refined(wanted(minimumLeafBits).form().bits());
    var batch = store.newBatch();
    for (int policy : policies()) {
      try (KeyValueCursor cursor = store.cursor(Keys.DIGESTS, next.range(policy))) {
        if (cursor.first()) {
          deleteLeaves(batch, next, policy);
        }
      }
    }
    if (batch.count() > 0) {
      store.write(batch, WriteMode.NO_LOG);
    }
    changedLeaves.clear();
    LeafRefinement begun =
        new LeafRefinement(store.snapshot(), new StateDigest(digestSecret), next);
    refinement = begun;
    return begun;
  }

  /// Forgets finer digests that were not finished.
  ///
  /// To be called by whoever changes the index, between two changes.
  public void giveUp(LeafRefinement given) {
    if (isUnderWay(given)) {
      refinement = null;
    }
  }

  boolean isUnderWay(LeafRefinement given) {
    return refinement == given;
  }

  /// The digests that a change has to be in.
  List<LeafForm> keptForms() {
    LeafRefinement underWay = refinement;
    return underWay == null ? List.of(form) : List.of(form, underWay.form());
  }

  /// To be the last of a batch: what it has changed of the old digests goes with them.
  void replaceLeaves(KeyValueBatch batch, LeafRefinement by) throws KeyValueFault {
    IndexIdentity current = IndexIdentity.decode(store.get(Keys.META, Keys.IDENTITY));
    if (current == null) {
      throw new KeyValueFault(KeyValueFault.Kind.CORRUPT, "the index has lost its identity");
    }
    policies().forEach(policy -> deleteLeaves(batch, form, policy));
    batch.put(Keys.META, Keys.IDENTITY, current.with(by.form()).encode());
  }

  private static void deleteLeaves(KeyValueBatch batch, LeafForm of, int policy) {
    batch.deleteRange(Keys.DIGESTS, of.first(policy).key(), of.last(policy).keyBehind());
  }

  void ended(LeafRefinement given) {
    form = given.form();
    refinement = null;
  }

  /// Up to where the log is in the index.
  public LogPosition position() {
    return position;
  }

  /// What is known of a key, gone entries included.
  public @Nullable IndexEntry get(ObjectKey key) throws KeyValueFault {
    byte[] value = store.get(Keys.OBJECTS, Keys.object(key));
    return value == null ? null : EntryCodec.decode(value);
  }

  /// Begins a change; the one before must have been committed or be thrown away.
  public IndexChange change() {
    return new IndexChange(this, store, digests);
  }

  /// The digest of a leaf; [Digest#ZERO] for one that holds nothing.
  Digest leaf(LeafName leaf) throws KeyValueFault {
    Digest known = changedLeaves.get(leaf);
    if (known != null) {
      return known;
    }
    byte[] stored = store.get(Keys.DIGESTS, leaf.key());
    return stored == null ? Digest.ZERO : Digest.read(ByteBuffer.wrap(stored));
  }

  void keepLeaf(LeafName leaf, Digest digest) {
    changedLeaves.put(leaf, digest);
  }

  /// How many changes were made; for [IndexChange#get].
  public long changes() {
    return recent.count();
  }

  boolean isUnchanged(ObjectKey key, long asOf) {
    return recent.isUnchanged(key, asOf);
  }

  void committed(
      LogPosition newPosition,
      Set<ObjectKey> keys,
      Map<Integer, PolicyCounts> c,
      Map<VolumeUse, Long> changed) {
    recent.add(keys);
    position = newPosition;
    counts.putAll(c);
    changed.forEach(
        (use, bytes) -> {
          if (bytes == 0) {
            uses.remove(use);
          } else {
            uses.put(use, bytes);
          }
        });
  }

  /// Returns once everything committed so far is on stable storage.
  public void flush() throws KeyValueFault {
    store.flush();
  }

  /// Present entries of a range of hashes, both ends inclusive, in order.
  public List<KeyedEntry> list(int policy, ObjectHash from, ObjectHash to, int limit)
      throws KeyValueFault {
    List<KeyedEntry> found = new ArrayList<>();
    if (from.compareTo(to) > 0) {
      return found;
    }
    try (KeyValueCursor cursor = store.cursor(Keys.OBJECTS, Keys.objects(policy, from, to))) {
      for (boolean on = cursor.first(); on && found.size() < limit; on = cursor.next()) {
        IndexEntry entry = EntryCodec.decode(cursor.value());
        if (entry.isPresent()) {
          found.add(new KeyedEntry(ObjectKey.read(ByteBuffer.wrap(cursor.key())), entry));
        }
      }
    }
    return found;
  }

  /// A part of a listing.
  ///
  /// @param next where to go on; null at the end of the range
  public record Page(List<KeyedEntry> entries, @Nullable ObjectHash next) {}

  /// Whole objects of a range of hashes, in order, of which an entry passes the filter.
  ///
  /// @param isOver asked every thousand entries: whether to end early
  public Page scan(
      int policy, HashRange range, int limit, Predicate<IndexEntry> filter, BooleanSupplier isOver)
      throws KeyValueFault {
    List<KeyedEntry> found = new ArrayList<>();
    int looked = 0;
    KeyRange keys = Keys.objects(policy, range.first(), range.last());
    try (KeyValueCursor cursor = store.cursor(Keys.OBJECTS, keys)) {
      for (boolean on = cursor.first(); on; on = cursor.next()) {
        ObjectKey key = ObjectKey.read(ByteBuffer.wrap(cursor.key()));
        boolean pause = ++looked % LOOKED_BETWEEN == 0 && isOver.getAsBoolean();
        if (found.size() >= limit || pause) {
          return new Page(found, key.hash());
        }
        IndexEntry entry = EntryCodec.decode(cursor.value());
        if (key.variant() == ObjectKey.WHOLE && filter.test(entry)) {
          found.add(new KeyedEntry(key, entry));
        }
      }
    }
    return new Page(found, null);
  }

  /// Takes entries.
  public interface EntryVisitor {
    void entry(ObjectKey key, IndexEntry entry) throws IOException;
  }

  /// Visits all entries there are, gone ones included, as they were at some moment.
  public void forEach(EntryVisitor visitor) throws IOException {
    try (KeyValueCursor cursor = store.cursor(Keys.OBJECTS, KeyRange.all())) {
      for (boolean on = cursor.first(); on; on = cursor.next()) {
        visitor.entry(
            ObjectKey.read(ByteBuffer.wrap(cursor.key())), EntryCodec.decode(cursor.value()));
      }
    }
  }

  /// Computes anew all that is kept beside the entries, as of one moment.
  ///
  /// @param pace told how many bytes of the index were read, from time to time; what it throws ends
  ///     the check
  /// @return what differs, in words, at most the first twenty: empty where all is well
  public List<String> check(Pace pace) throws IOException {
    try (KeyValueSnapshot snapshot = store.snapshot()) {
      return new IndexCheck(snapshot, new StateDigest(digestSecret), formIn(snapshot), pace)
          .run()
          .differences();
    }
  }

  /// Holds up who reads much.
  public interface Pace {
    void bytes(long count) throws IOException;
  }

  /// A blob with the object that refers to it.
  public record BlobOwner(long id, ObjectKey key) {}

  /// The blobs that are referred to, in the order of their ids.
  ///
  /// @param after only those with a greater id
  public List<BlobOwner> blobs(long after, int limit) throws KeyValueFault {
    List<BlobOwner> found = new ArrayList<>();
    KeyRange range = KeyRange.of(Keys.blob(after + 1), null);
    try (KeyValueCursor cursor = store.cursor(Keys.BLOBS, range)) {
      for (boolean on = cursor.first(); on && found.size() < limit; on = cursor.next()) {
        long id = ByteBuffer.wrap(cursor.key()).getLong();
        found.add(new BlobOwner(id, ObjectKey.read(ByteBuffer.wrap(cursor.value()))));
      }
    }
    return found;
  }

  /// Keeps a note of the audit's; it survives as far as the index does.
  public void keepAuditNote(byte[] note) throws KeyValueFault {
    var batch = store.newBatch();
    batch.put(Keys.META, Keys.AUDIT, note);
    store.write(batch, WriteMode.NO_LOG);
  }

  /// The last note that was kept; null for none.
  public byte @Nullable [] auditNote() throws KeyValueFault {
    return store.get(Keys.META, Keys.AUDIT);
  }

  /// A key with its entry.
  public record KeyedEntry(ObjectKey key, IndexEntry entry) {}

  /// A listing update that is due.
  public record Due(long sequence, ObjectKey key, int target) {}

  /// What is due, lowest sequence first.
  ///
  /// @param after null: from the beginning
  public List<Due> due(@Nullable Due after, int limit) throws KeyValueFault {
    byte[] last = after == null ? null : Keys.due(after.sequence(), after.key(), after.target());
    byte[] from = last == null ? null : Arrays.copyOf(last, last.length + 1);
    List<Due> found = new ArrayList<>();
    try (KeyValueCursor cursor = store.cursor(Keys.DUE, KeyRange.of(from, null))) {
      for (boolean on = cursor.first(); on && found.size() < limit; on = cursor.next()) {
        ByteBuffer key = ByteBuffer.wrap(cursor.key());
        long sequence = key.getLong();
        ObjectKey object = ObjectKey.read(key);
        found.add(new Due(sequence, object, Byte.toUnsignedInt(key.get())));
      }
    }
    return found;
  }

  /// An object that expires.
  ///
  /// @param deleteAt seconds since the epoch
  public record Expiring(long deleteAt, ObjectKey key) {}

  /// What expires up to a time, that time included, first those that expire first.
  ///
  /// @param after null: from the beginning
  public List<Expiring> expiring(long until, @Nullable Expiring after, int limit)
      throws KeyValueFault {
    byte[] last = after == null ? null : Keys.expiry(after.deleteAt(), after.key());
    byte[] from = last == null ? null : Arrays.copyOf(last, last.length + 1);
    byte[] behind = Keys.blob(until + 1);
    List<Expiring> found = new ArrayList<>();
    if (from != null && Arrays.compareUnsigned(from, behind) >= 0) {
      return found;
    }
    try (KeyValueCursor cursor = store.cursor(Keys.EXPIRIES, KeyRange.of(from, behind))) {
      for (boolean on = cursor.first(); on && found.size() < limit; on = cursor.next()) {
        ByteBuffer key = ByteBuffer.wrap(cursor.key());
        found.add(new Expiring(key.getLong(), ObjectKey.read(key)));
      }
    }
    return found;
  }

  /// Whether a blob file belongs to an object.
  public boolean isReferenced(long blob) throws KeyValueFault {
    return store.get(Keys.BLOBS, Keys.blob(blob)) != null;
  }

  public int leafBits() {
    return form.bits();
  }

  private static LeafForm formIn(KeyValueReader snapshot) throws KeyValueFault {
    IndexIdentity identity = IndexIdentity.decode(snapshot.get(Keys.META, Keys.IDENTITY));
    return identity == null ? new LeafForm(0, 0) : identity.form();
  }

  /// The digests of the leaves of a partition that are not empty, by the first `bits` bits of the
  /// hash, in order. All are of one moment.
  ///
  /// @param bits `partPower` to 31
  public SortedMap<Integer, Digest> leaves(
      int policy, int partPower, PartitionId partition, int bits) throws KeyValueFault {
    try (KeyValueSnapshot snapshot = store.snapshot()) {
      LeafForm kept = formIn(snapshot);
      if (bits > kept.bits()) {
        LeafForm finer = new LeafForm(bits, kept.generation());
        return new DigestRebuild(new StateDigest(digestSecret), finer)
            .leavesOf(snapshot, policy, partPower, partition);
      }
      return leaves(snapshot, kept, policy, Leaves.of(kept.bits(), partPower, partition, bits));
    }
  }

  /// Which leaves are wanted.
  ///
  /// @param shift by which their numbers are shortened
  private record Leaves(int from, int to, int shift) {
    static Leaves of(int kept, int partPower, PartitionId partition, int bits) {
      int from = partition.value() << (kept - partPower);
      int to = ((partition.value() + 1) << (kept - partPower)) - 1;
      return new Leaves(from, to, kept - bits);
    }
  }

  private static SortedMap<Integer, Digest> leaves(
      KeyValueReader snapshot, LeafForm kept, int policy, Leaves wanted) throws KeyValueFault {
    SortedMap<Integer, Digest> leaves = new TreeMap<>();
    KeyRange range = kept.range(policy, wanted.from(), wanted.to());
    try (KeyValueCursor cursor = snapshot.cursor(Keys.DIGESTS, range)) {
      for (boolean on = cursor.first(); on; on = cursor.next()) {
        int leaf = LeafName.read(cursor.key()).leaf();
        Digest digest = Digest.read(ByteBuffer.wrap(cursor.value()));
        leaves.merge(leaf >>> wanted.shift(), digest, Digest::xor);
      }
    }
    leaves.values().removeIf(Digest.ZERO::equals);
    return leaves;
  }

  public PolicyCounts counts(int policy) {
    return counts.getOrDefault(policy, PolicyCounts.ZERO);
  }

  /// The policies that anything was ever stored of.
  public List<Integer> policies() {
    return counts.keySet().stream().sorted().toList();
  }

  long bytes(VolumeUse use) {
    return uses.getOrDefault(use, 0L);
  }

  /// Bytes of a volume's records that can be read.
  public long liveBytes(int volume) {
    return bytes(new VolumeUse(volume, VolumeUse.LIVE));
  }

  /// Bytes of a volume's gone records, needed or not.
  public long goneBytes(int volume) {
    return goneBytes(volume, from -> true);
  }

  /// Bytes of a volume's gone records that have to stay.
  ///
  /// @param olderFrom whether there is a volume before this one, from a number on
  public long goneBytes(int volume, IntPredicate olderFrom) {
    long bytes = 0;
    for (int reach = 0; reach <= Integer.SIZE; reach++) {
      VolumeUse use = new VolumeUse(volume, reach);
      long gone = bytes(use);
      if (gone > 0 && olderFrom.test(use.oldest())) {
        bytes += gone;
      }
    }
    return bytes;
  }

  /// Whether any entry refers to a volume.
  public boolean refersTo(int volume) {
    return liveBytes(volume) > 0 || goneBytes(volume) > 0;
  }

  /// The volumes that entries refer to.
  public Set<Integer> volumesInUse() {
    return uses.keySet().stream().map(VolumeUse::volume).collect(Collectors.toSet());
  }

  /// Releases the database; flushes nothing.
  @Override
  public void close() {
    store.close();
  }
}
