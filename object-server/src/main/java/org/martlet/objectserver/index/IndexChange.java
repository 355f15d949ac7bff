package org.martlet.objectserver.index;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyValueBatch;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueStore;
import org.martlet.common.kv.WriteMode;
import org.martlet.common.model.Digest;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.volume.BodyLocation;

/// A set of changes to the index that becomes visible as one, with everything that follows from
/// them: digests, counts, due marks, times of expiry, references to blobs, bytes of volumes in use.
///
/// Threads: one.
public final class IndexChange {
  private final ObjectIndex index;
  private final KeyValueStore store;
  private final StateDigest digests;
  private final KeyValueBatch batch;
  private final Map<ObjectKey, IndexEntry> entries = new HashMap<>();
  private final Set<ObjectKey> removed = new HashSet<>();

  /// What is to be added to each leaf; once prepared, what each leaf is then.
  private final Map<LeafName, Digest> leaves = new HashMap<>();

  private final Map<Integer, PolicyCounts> counts = new HashMap<>();
  private final Map<VolumeUse, Long> uses = new HashMap<>();
  private final List<Long> releasedBlobs = new ArrayList<>();
  private LogPosition position = LogPosition.START;
  private @Nullable LeafRefinement ended;

  IndexChange(ObjectIndex index, KeyValueStore store, StateDigest digests) {
    this.index = index;
    this.store = store;
    this.digests = digests;
    this.batch = store.newBatch();
  }

  /// What is known of a key, with the changes made here so far.
  public @Nullable IndexEntry get(ObjectKey key) throws KeyValueFault {
    IndexEntry changed = entries.get(key);
    return changed != null || removed.contains(key) ? changed : index.get(key);
  }

  /// The same, for whoever has read it before.
  ///
  /// @param seen what was read
  /// @param asOf what [ObjectIndex#changes] was before that; -1: it was not read
  public @Nullable IndexEntry get(ObjectKey key, @Nullable IndexEntry seen, long asOf)
      throws KeyValueFault {
    IndexEntry changed = entries.get(key);
    return changed == null && !removed.contains(key) && index.isUnchanged(key, asOf)
        ? seen
        : get(key);
  }

  public boolean isEmpty() {
    return entries.isEmpty() && removed.isEmpty() && leaves.isEmpty() && ended == null;
  }

  public int size() {
    return entries.size();
  }

  /// Replaces what is known of a key.
  ///
  /// @param before what [#get] gives
  public void set(ObjectKey key, @Nullable IndexEntry before, IndexEntry after) {
    entries.put(key, after);
    removed.remove(key);
    if (before != null) {
      account(key, before, -1);
      forgetMarks(key, before);
    }
    account(key, after, 1);
    setMarks(key, after);
    moveExpiry(key, before == null ? 0 : before.deleteAt(), after.deleteAt());
    moveBlob(key, before == null ? BodyLocation.NONE : before.body(), after.body());
  }

  /// Forgets a gone entry, so that the key is as if it had never been seen.
  ///
  /// @param before what [#get] gives
  public void remove(ObjectKey key, IndexEntry before) {
    if (before.isPresent()) {
      throw new IllegalArgumentException(key + " is not gone");
    }
    entries.remove(key);
    removed.add(key);
    account(key, before, -1);
  }

  private void account(ObjectKey key, IndexEntry entry, int sign) {
    PolicyCounts count = counts.getOrDefault(key.policy(), index.counts(key.policy()));
    counts.put(key.policy(), count.plus(entry, sign));
    VolumeUse.of(entry, (use, bytes) -> uses.merge(use, sign * bytes, Long::sum));
    if (entry.clocks() != null) {
      Digest value = digests.of(key, entry.clocks());
      for (LeafForm form : index.keptForms()) {
        leaves.merge(form.nameOf(key), value, Digest::xor);
      }
    }
  }

  /// Adds what a part of the index was when the making of finer digests began. What has changed
  /// since was added when it changed.
  public void add(LeafRefinement refinement, LeafRefinement.Leaves found) {
    checkUnderWay(refinement);
    found.digests().forEach((leaf, digest) -> leaves.merge(leaf, digest, Digest::xor));
  }

  /// Puts finer digests in the place of the others, once all of them were added.
  public void end(LeafRefinement refinement) {
    checkUnderWay(refinement);
    ended = refinement;
  }

  private void checkUnderWay(LeafRefinement refinement) {
    if (!index.isUnderWay(refinement)) {
      throw new IllegalStateException("other digests are in the making");
    }
  }

  private void forgetMarks(ObjectKey key, IndexEntry entry) {
    for (long rest = entry.due(); rest != 0; rest &= rest - 1) {
      int target = Long.numberOfTrailingZeros(rest);
      batch.delete(Keys.DUE, Keys.due(entry.sequence(), key, target));
    }
  }

  private void setMarks(ObjectKey key, IndexEntry entry) {
    for (long rest = entry.due(); rest != 0; rest &= rest - 1) {
      int target = Long.numberOfTrailingZeros(rest);
      batch.put(Keys.DUE, Keys.due(entry.sequence(), key, target), new byte[0]);
    }
  }

  private void moveExpiry(ObjectKey key, long before, long after) {
    if (before == after) {
      return;
    }
    if (before != 0) {
      batch.delete(Keys.EXPIRIES, Keys.expiry(before, key));
    }
    if (after != 0) {
      batch.put(Keys.EXPIRIES, Keys.expiry(after, key), new byte[0]);
    }
  }

  private void moveBlob(ObjectKey key, BodyLocation before, BodyLocation after) {
    if (before.equals(after)) {
      return;
    }
    if (before instanceof BodyLocation.InBlob blob) {
      batch.delete(Keys.BLOBS, Keys.blob(blob.id()));
      releasedBlobs.add(blob.id());
    }
    if (after instanceof BodyLocation.InBlob blob) {
      batch.put(Keys.BLOBS, Keys.blob(blob.id()), Keys.object(key));
    }
  }

  /// Blob files that nothing refers to once this is committed.
  public List<Long> releasedBlobs() {
    return releasedBlobs;
  }

  /// Makes the changes visible, all at once.
  ///
  /// @param newPosition up to where the log is in the index then; it must be on stable storage
  public void commit(LogPosition newPosition) throws KeyValueFault {
    prepare(newPosition);
    write();
  }

  /// Ends the changes; [#write] makes them visible.
  ///
  /// @param newPosition as of [#commit]
  public void prepare(LogPosition newPosition) throws KeyValueFault {
    position = newPosition;
    entries.forEach(
        (key, entry) -> batch.put(Keys.OBJECTS, Keys.object(key), EntryCodec.encode(entry)));
    removed.forEach(key -> batch.delete(Keys.OBJECTS, Keys.object(key)));
    for (Map.Entry<LeafName, Digest> change : leaves.entrySet()) {
      change.setValue(putLeaf(change.getKey(), change.getValue()));
    }
    if (ended != null) {
      index.replaceLeaves(batch, ended);
    }
    counts.forEach((policy, count) -> batch.put(Keys.META, Keys.policy(policy), encode(count)));
    uses.replaceAll((use, difference) -> index.bytes(use) + difference);
    uses.forEach(this::putBytes);
    batch.put(Keys.META, Keys.POSITION, encode(newPosition));
  }

  /// Makes what was prepared visible. May be repeated after a fault: it is all or nothing.
  public void write() throws KeyValueFault {
    store.write(batch, WriteMode.NO_LOG);
    Set<ObjectKey> keys = new HashSet<>(entries.keySet());
    keys.addAll(removed);
    index.committed(position, keys, counts, uses);
    leaves.forEach(index::keepLeaf);
    if (ended != null) {
      index.ended(ended);
    }
  }

  /// @return the digest of the leaf with this change
  private Digest putLeaf(LeafName leaf, Digest change) throws KeyValueFault {
    Digest digest = index.leaf(leaf).xor(change);
    byte[] key = leaf.key();
    if (digest.equals(Digest.ZERO)) {
      batch.delete(Keys.DIGESTS, key);
    } else if (!change.equals(Digest.ZERO)) {
      batch.put(Keys.DIGESTS, key, DigestRebuild.encode(digest));
    }
    return digest;
  }

  /// A volume of which nothing is of use leaves nothing behind in the index either.
  private void putBytes(VolumeUse use, long bytes) {
    if (bytes == 0) {
      batch.delete(Keys.META, use.key());
    } else {
      batch.put(Keys.META, use.key(), Keys.blob(bytes));
    }
  }

  private static byte[] encode(PolicyCounts count) {
    return ByteBuffer.allocate(3 * Long.BYTES)
        .putLong(count.objects())
        .putLong(count.bytes())
        .putLong(count.tombstones())
        .array();
  }

  private static byte[] encode(LogPosition position) {
    return ByteBuffer.allocate(2 * Integer.BYTES + Long.BYTES)
        .putInt(position.volume())
        .putLong(position.offset())
        .putInt(position.epoch())
        .array();
  }
}
