package org.martlet.replicator.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.DataClock;
import org.martlet.common.replication.ForgetItem;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.MergeResult;
import org.martlet.common.replication.RecordEntry;
import org.martlet.common.ring.Ring;
import org.martlet.replicator.plan.DigestSet;
import org.martlet.replicator.plan.Leaf;
import org.martlet.replicator.plan.ModelState;
import org.martlet.replicator.plan.RecordPage;

/// A device with objects in memory, by the rules of the object server: states are joined, each
/// change has a sequence, a body must come with a state that brings a new one, and what a device is
/// a primary of it decides by its own ring.
final class SimDevice {
  /// @param due whether a listing has yet to hear of it
  record Held(ModelState state, long sequence, boolean due) {}

  final DeviceId id;
  private final int leafBits;
  private final TreeMap<ObjectHash, Held> records = new TreeMap<>();
  private final TreeMap<Integer, Digest> leaves = new TreeMap<>();
  private final List<RepairSource.Repair> repairs = new ArrayList<>();

  /// How often a record was lost here by a fault, and when last.
  private final Map<ObjectHash, Integer> losses = new HashMap<>();

  private final Map<ObjectHash, Long> lostAt = new HashMap<>();
  private long sequence;
  private long repairIds;
  Ring ring;
  boolean full;
  int inTouch;

  SimDevice(DeviceId id, int leafBits, Ring ring) {
    this.id = id;
    this.leafBits = leafBits;
    this.ring = ring;
  }

  boolean isPrimaryOf(ObjectHash hash) {
    return ring.isPrimary(ring.partition(hash), id);
  }

  TreeMap<ObjectHash, Held> records() {
    return records;
  }

  ModelState state(ObjectHash hash) {
    Held held = records.get(hash);
    return held == null ? null : held.state();
  }

  int losses(ObjectHash hash) {
    return losses.getOrDefault(hash, 0);
  }

  long lostAt(ObjectHash hash) {
    return lostAt.getOrDefault(hash, 0L);
  }

  /// A client's change. Null if it was stored, else the newer data clock that is here.
  DataClock write(ObjectHash hash, ModelState change) {
    Held held = records.get(hash);
    if (held != null && held.state().data().compareTo(change.data()) >= 0) {
      return held.state().data();
    }
    store(hash, change, true);
    return null;
  }

  /// A client's POST; false if there is no object.
  boolean post(ObjectHash hash, long tick, int values) {
    Held held = records.get(hash);
    if (held == null || held.state().data().deleted()) {
      return false;
    }
    store(hash, held.state().post(tick, values), true);
    return true;
  }

  private void store(ObjectHash hash, ModelState change, boolean byClient) {
    Held held = records.get(hash);
    ModelState merged = held == null ? change : held.state().merge(change);
    boolean due = byClient || (held != null && held.due());
    if (held == null || !merged.equals(held.state()) || due != held.due()) {
      put(hash, new Held(merged, ++sequence, due));
    }
    if (byClient && !isPrimaryOf(hash)) {
      wantRepair(hash, RepairSource.Reason.HANDOFF);
    }
  }

  void wantRepair(ObjectHash hash, RepairSource.Reason reason) {
    repairs.add(new RepairSource.Repair(++repairIds, 0, hash, reason));
  }

  private void put(ObjectHash hash, Held held) {
    toggle(hash);
    records.put(hash, held);
    toggle(hash);
  }

  private void remove(ObjectHash hash) {
    toggle(hash);
    records.remove(hash);
  }

  private void toggle(ObjectHash hash) {
    Held held = records.get(hash);
    if (held != null) {
      int leaf = hash.partition(leafBits).value();
      Digest digest = leaves.getOrDefault(leaf, Digest.ZERO).xor(digest(hash, held.state()));
      leaves.put(leaf, digest);
      leaves.values().removeIf(Digest.ZERO::equals);
    }
  }

  private static Digest digest(ObjectHash hash, ModelState state) {
    long mixed = hash.low() * 0x9E3779B97F4A7C15L + state.hashCode() * 0xBF58476D1CE4E5B9L;
    return new Digest(mixed ^ (mixed >>> 29), (mixed * 0x94D049BB133111EBL) | 1);
  }

  /// The digests anew, from the records.
  boolean digestsAreRight() {
    TreeMap<Integer, Digest> fresh = new TreeMap<>();
    records.forEach(
        (hash, held) ->
            fresh.merge(hash.partition(leafBits).value(), digest(hash, held.state()), Digest::xor));
    fresh.values().removeIf(Digest.ZERO::equals);
    return fresh.equals(leaves);
  }

  /// A restart: what was in memory only is gone.
  void restart() {
    repairs.clear();
  }

  void wipe(long now) {
    for (ObjectHash hash : List.copyOf(records.keySet())) {
      lose(hash, now);
    }
    repairs.clear();
  }

  void quarantine(ObjectHash hash, long now) {
    lose(hash, now);
    wantRepair(hash, RepairSource.Reason.DAMAGED);
  }

  private void lose(ObjectHash hash, long now) {
    remove(hash);
    losses.merge(hash, 1, Integer::sum);
    lostAt.put(hash, now);
  }

  /// Listings have heard of everything.
  void clearDue() {
    records.replaceAll((hash, held) -> new Held(held.state(), held.sequence(), false));
  }

  SortedMap<PartitionId, Digest> roots(int partPower) {
    SortedMap<PartitionId, Digest> roots = new TreeMap<>();
    leaves.forEach(
        (leaf, digest) ->
            roots.merge(new PartitionId(leaf >> (leafBits - partPower)), digest, Digest::xor));
    roots.values().removeIf(Digest.ZERO::equals);
    return roots;
  }

  SortedMap<PartitionId, Digest> differing(int partPower, SortedMap<PartitionId, Digest> theirs) {
    SortedMap<PartitionId, Digest> ours = roots(partPower);
    SortedMap<PartitionId, Digest> differing = new TreeMap<>();
    theirs.forEach(
        (partition, digest) -> {
          Digest own = ours.getOrDefault(partition, Digest.ZERO);
          if (!own.equals(digest)) {
            differing.put(partition, own);
          }
        });
    return differing;
  }

  LeafDigests leaves(int partPower, PartitionId partition, int bits) {
    int used = Math.clamp(bits, partPower, leafBits);
    Map<Leaf, Digest> found = new TreeMap<>();
    leaves.forEach(
        (leaf, digest) -> {
          if (leaf >> (leafBits - partPower) == partition.value()) {
            found.merge(new Leaf(used, leaf >> (leafBits - used)), digest, Digest::xor);
          }
        });
    return new LeafDigests(used, ring.isPrimary(partition, id), DigestSet.of(found));
  }

  /// @param most fewer than asked for at most, as a server that is short of time answers
  ObjectReplica.Listed list(HashRange range, int most) {
    List<RecordEntry> entries = new ArrayList<>();
    for (Map.Entry<ObjectHash, Held> each :
        records.subMap(range.first(), true, range.last(), true).entrySet()) {
      if (entries.size() == most) {
        break;
      }
      Held held = each.getValue();
      entries.add(new RecordEntry(each.getKey(), held.state().clocks(), held.sequence()));
    }
    return new ObjectReplica.Listed(
        RecordPage.of(range, entries, most), isPrimaryOf(range.first()));
  }

  ObjectReplica.Tombstones tombstones(HashRange range, Timestamp before) {
    List<RecordEntry> found =
        list(range, Integer.MAX_VALUE).page().entries().stream()
            .filter(entry -> entry.clocks().data().deleted())
            .filter(entry -> before.isAfter(entry.clocks().newest()))
            .toList();
    return new ObjectReplica.Tombstones(found, range.after(range.last()));
  }

  /// @param bodySent whether the body of the state came along
  MergeResult merge(ObjectHash hash, ModelState state, boolean bodySent, boolean due) {
    if (!isPrimaryOf(hash)) {
      return new MergeResult(MergeResult.Outcome.NOT_PRIMARY, null);
    }
    if (full) {
      return new MergeResult(MergeResult.Outcome.TRY_LATER, null);
    }
    Held held = records.get(hash);
    ModelState merged = held == null ? state : held.state().merge(state);
    boolean hasBody = held != null && held.state().data().equals(merged.data());
    if (!merged.data().deleted() && !hasBody && !bodySent) {
      return new MergeResult(MergeResult.Outcome.BODY_NEEDED, null);
    }
    boolean nowDue = due || (held != null && held.due());
    if (held == null || !merged.equals(held.state()) || nowDue != held.due()) {
      put(hash, new Held(merged, ++sequence, nowDue));
    }
    return new MergeResult(MergeResult.Outcome.MERGED, merged.clocks());
  }

  ForgetItem.Outcome forget(ObjectReplica.Reason reason, ForgetItem item) {
    Held held = records.get(item.hash());
    if (held == null) {
      return ForgetItem.Outcome.GONE;
    }
    boolean allowed =
        switch (reason) {
          case DROPPED -> !isPrimaryOf(item.hash());
          case PURGED -> held.state().data().deleted();
        };
    if (!allowed || held.sequence() != item.sequence()) {
      return ForgetItem.Outcome.CHANGED;
    }
    if (held.due()) {
      return ForgetItem.Outcome.LISTING_DUE;
    }
    remove(item.hash());
    return ForgetItem.Outcome.FORGOTTEN;
  }

  RepairSource.Repairs repairs(long after, int limit) {
    return new RepairSource.Repairs(
        repairs.stream().filter(repair -> repair.id() > after).limit(limit).toList(), 0);
  }
}
