package org.martlet.containerserver.listing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueBatch;
import org.martlet.common.kv.KeyValueFamily;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueReader;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;

/// The state of a device's listings as one group of changes makes it, on top of what is stored.
///
/// Changes see the effects of those before them in the group. Totals, digests and due marks follow
/// from the rows by themselves.
///
/// Threads: the committer only.
final class ListingTransaction {
  private final KeyValueReader stored;
  private final StateHasher hasher;
  private final Timestamp now;
  private final Map<ListingId, Listing> listings = new LinkedHashMap<>();
  private final Map<RowKey, Row<?>> rows = new LinkedHashMap<>();
  private final Map<ByteBuffer, Digest> leaves = new HashMap<>();
  private final Map<ObjectHash, DueEdit> due = new LinkedHashMap<>();
  private final Map<ObjectHash, Timestamp> misplacedSettled = new LinkedHashMap<>();
  private int changedRows;

  ListingTransaction(KeyValueReader stored, StateHasher hasher, Timestamp now) {
    this.stored = stored;
    this.hasher = hasher;
    this.now = now;
  }

  private record RowKey(ListingId listing, String name) {}

  /// What becomes of a due mark: null for cleared.
  private record DueEdit(Timestamp ifChanged, @Nullable DueReport replacement) {}

  /// One listing as this group makes it.
  private static final class Listing {
    private final ListingId id;
    private @Nullable ListingInfo info;
    private final Totals before;
    private final Totals.Sum sum;
    private Digest delta = Digest.ZERO;
    private final @Nullable ListingInfo storedInfo;
    private boolean changed;
    private boolean tidied;
    private boolean misplaced;
    private boolean dropped;

    Listing(ListingId id, @Nullable ListingInfo info, Totals totals) {
      this.id = id;
      this.info = info;
      this.storedInfo = info;
      this.before = totals;
      this.sum = new Totals.Sum(totals);
    }
  }

  /// One row as this group makes it.
  private static final class Row<R> {
    private final RowType<R> type;
    private final @Nullable R stored;
    private @Nullable R current;

    Row(RowType<R> type, @Nullable R stored) {
      this.type = type;
      this.stored = stored;
      this.current = stored;
    }

    boolean isChanged() {
      return !Objects.equals(current, stored);
    }
  }

  /// When this group was begun, by this server's clock.
  Timestamp now() {
    return now;
  }

  int changedRows() {
    return changedRows;
  }

  /// The listing's own state; null if there never was one.
  @Nullable ListingInfo info(ListingId id) throws KeyValueFault {
    return listing(id).info;
  }

  /// What the listing's rows add up to; its digest is that of before the group.
  Totals totals(ListingId id) throws KeyValueFault {
    Listing listing = listing(id);
    return listing.sum.toTotals(listing.before.changed(), listing.before.digest());
  }

  void setInfo(ListingId id, ListingInfo info) throws KeyValueFault {
    Listing listing = listing(id);
    if (!info.equals(listing.info)) {
      replaceInfo(listing, info);
      listing.changed = true;
    }
  }

  private void replaceInfo(Listing listing, ListingInfo info) {
    ListingId id = listing.id;
    @Nullable ListingInfo old = listing.info;
    Digest delta = hasher.info(id, info.encode());
    if (old != null) {
      delta = delta.xor(hasher.info(id, old.encode()));
    }
    listing.info = info;
    listing.delta = listing.delta.xor(delta);
  }

  /// Joins a row into a listing that exists.
  ///
  /// @return whether it changed anything
  <R> boolean merge(ListingId id, RowType<R> type, R incoming) throws KeyValueFault {
    Row<R> row = row(id, type, type.name(incoming));
    @Nullable R old = row.current;
    R merged = old == null ? incoming : type.merge(old, incoming);
    if (merged.equals(old)) {
      return false;
    }
    Listing listing = listing(id);
    if (old != null) {
      listing.sum.remove(type, old);
    }
    listing.sum.add(type, merged);
    row.current = merged;
    listing.changed = true;
    changedRows++;
    return true;
  }

  /// Makes a container due to its account although it has not changed.
  void touch(ListingId id) throws KeyValueFault {
    listing(id).changed = true;
  }

  /// Takes a deleted row out for good, unless something about it is as new as a moment. What is
  /// told to the account stays as late as it was, so it is not told again.
  ///
  /// @return whether it was there and is not any more
  <R> boolean reclaim(ListingId id, RowType<R> type, String name, Timestamp before)
      throws KeyValueFault {
    Row<R> row = row(id, type, name);
    @Nullable R old = row.current;
    if (old == null || type.isLive(old) || !before.isAfter(RowType.newest(type, old))) {
      return false;
    }
    row.current = null;
    Listing listing = listing(id);
    listing.sum.remove(type, old);
    @Nullable ListingInfo info = listing.info;
    if (info != null && id.kind() == ListingKind.CONTAINER) {
      replaceInfo(listing, info.forgetting(type.clocks(old)));
    }
    listing.tidied = true;
    return true;
  }

  /// Whether a listing has no rows at all, deleted ones neither, and nothing is due about it.
  boolean isBare(ListingId id) throws KeyValueFault {
    Listing listing = listing(id);
    @Nullable ListingInfo info = listing.info;
    return info != null
        && !listing.changed
        && !listing.tidied
        && listing.before.digest().equals(hasher.info(id, info.encode()))
        && stored.get(ListingKeys.DUE, ListingKeys.mark(id.hash())) == null;
  }

  /// Takes a whole listing out, with everything about it; in a group of its own.
  void drop(ListingId id) throws KeyValueFault {
    listing(id).dropped = true;
  }

  /// Takes the mark of misplaced rows away, unless there are more since.
  void settleMisplaced(ObjectHash container, Timestamp ifChanged) {
    misplacedSettled.put(container, ifChanged);
  }

  /// Takes a due mark away, or replaces it, unless the container has changed since.
  void editDue(ObjectHash container, Timestamp ifChanged, @Nullable DueReport replacement) {
    due.put(container, new DueEdit(ifChanged, replacement));
  }

  /// Reads many rows in one go, so that [#merge] finds them in memory.
  <R> void prefetch(ListingId id, RowType<R> type, List<R> incoming) throws KeyValueFault {
    List<String> names = new ArrayList<>(incoming.size());
    List<byte[]> keys = new ArrayList<>(2 * incoming.size());
    for (R row : incoming) {
      String name = type.name(row);
      if (!rows.containsKey(new RowKey(id, name))) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        names.add(name);
        keys.add(ListingKeys.row(id, true, bytes));
        keys.add(ListingKeys.row(id, false, bytes));
      }
    }
    List<byte @Nullable []> values = stored.multiGet(ListingKeys.ROWS, keys);
    for (int i = 0; i < names.size(); i++) {
      byte @Nullable [] live = values.get(2 * i);
      byte @Nullable [] value = live != null ? live : values.get(2 * i + 1);
      String name = names.get(i);
      @Nullable R row = value == null ? null : type.decode(name, value);
      rows.putIfAbsent(new RowKey(id, name), new Row<>(type, row));
    }
  }

  /// Adds everything that the group changed to a batch.
  void writeTo(KeyValueBatch batch) throws KeyValueFault {
    for (Map.Entry<RowKey, Row<?>> entry : rows.entrySet()) {
      if (entry.getValue().isChanged()) {
        writeRow(entry.getKey(), entry.getValue(), batch);
      }
    }
    writeSettledMarks(batch);
    for (Listing listing : listings.values()) {
      if (listing.dropped) {
        writeDrop(listing, batch);
      } else if (listing.changed || listing.tidied) {
        writeListing(listing, batch);
      }
    }
    writeLeaves(batch);
    writeDueEdits(batch);
  }

  private <R> void writeRow(RowKey key, Row<R> row, KeyValueBatch batch) throws KeyValueFault {
    ListingId id = key.listing();
    byte[] name = key.name().getBytes(StandardCharsets.UTF_8);
    @Nullable R old = row.stored;
    @Nullable R current = row.current;
    Digest delta = Digest.ZERO;
    if (old != null) {
      boolean wasLive = row.type.isLive(old);
      delta = hasher.row(id, key.name(), row.type.encode(old));
      if (current == null || row.type.isLive(current) != wasLive) {
        batch.delete(ListingKeys.ROWS, ListingKeys.row(id, wasLive, name));
      }
    }
    Listing listing = listing(id);
    if (current != null) {
      byte[] encoded = row.type.encode(current);
      delta = delta.xor(hasher.row(id, key.name(), encoded));
      batch.put(ListingKeys.ROWS, ListingKeys.row(id, row.type.isLive(current), name), encoded);
      @Nullable ListingInfo info = listing.info;
      listing.misplaced |= info != null && info.policy() != row.type.policy(current);
    }
    listing.delta = listing.delta.xor(delta);
    xorLeaf(ListingKeys.nameLeaf(id, hasher.leaf(id, key.name())), delta);
  }

  private void writeListing(Listing listing, KeyValueBatch batch) {
    ListingId id = listing.id;
    Timestamp last = listing.before.changed();
    Timestamp changed = !listing.changed ? last : now.isAfter(last) ? now : last.nextTick();
    Totals totals = listing.sum.toTotals(changed, listing.before.digest().xor(listing.delta));
    batch.put(ListingKeys.LISTINGS, ListingKeys.totals(id), totals.encode());
    @Nullable ListingInfo info = listing.info;
    if (info != null && !info.equals(listing.storedInfo)) {
      batch.put(ListingKeys.LISTINGS, ListingKeys.info(id), info.encode());
    }
    xorLeaf(ListingKeys.topLeaf(id), listing.delta);
    if (id.kind() == ListingKind.CONTAINER && listing.changed) {
      DueReport mark = DueReport.fresh(id, changed, now);
      due.put(id.hash(), new DueEdit(Timestamp.ZERO, mark));
      batch.put(ListingKeys.DUE, ListingKeys.mark(id.hash()), mark.encode());
      if (listing.misplaced || movesRows(listing)) {
        MisplacedMark misplaced = new MisplacedMark(id.hash(), id.path(), changed);
        batch.put(ListingKeys.MISPLACED, ListingKeys.mark(id.hash()), misplaced.encode());
      }
    }
  }

  /// Whether the container's policy changes under rows that it has.
  private boolean movesRows(Listing listing) {
    @Nullable ListingInfo before = listing.storedInfo;
    @Nullable ListingInfo info = listing.info;
    return before != null
        && info != null
        && before.policy() != info.policy()
        && !listing.before.digest().equals(hasher.info(listing.id, before.encode()));
  }

  private void writeDrop(Listing listing, KeyValueBatch batch) {
    ListingId id = listing.id;
    deleteAll(ListingKeys.ROWS, ListingKeys.listing(id.kind(), id.hash()), batch);
    deleteAll(ListingKeys.DIGESTS, ListingKeys.nameLeaves(id), batch);
    batch.delete(ListingKeys.LISTINGS, ListingKeys.info(id));
    batch.delete(ListingKeys.LISTINGS, ListingKeys.totals(id));
    if (id.kind() == ListingKind.CONTAINER) {
      batch.delete(ListingKeys.DUE, ListingKeys.mark(id.hash()));
      batch.delete(ListingKeys.MISPLACED, ListingKeys.mark(id.hash()));
    }
    xorLeaf(ListingKeys.topLeaf(id), listing.before.digest());
  }

  private static void deleteAll(KeyValueFamily family, byte[] prefix, KeyValueBatch batch) {
    byte @Nullable [] end = KeyRange.successor(prefix);
    if (end != null) {
      batch.deleteRange(family, prefix, end);
    }
  }

  private void writeSettledMarks(KeyValueBatch batch) throws KeyValueFault {
    for (Map.Entry<ObjectHash, Timestamp> entry : misplacedSettled.entrySet()) {
      byte[] key = ListingKeys.mark(entry.getKey());
      byte @Nullable [] value = stored.get(ListingKeys.MISPLACED, key);
      if (value != null
          && MisplacedMark.decode(entry.getKey(), value).changed().equals(entry.getValue())) {
        batch.delete(ListingKeys.MISPLACED, key);
      }
    }
  }

  private void writeLeaves(KeyValueBatch batch) throws KeyValueFault {
    List<byte[]> keys = leaves.keySet().stream().map(ByteBuffer::array).toList();
    List<byte @Nullable []> values = stored.multiGet(ListingKeys.DIGESTS, keys);
    for (int i = 0; i < keys.size(); i++) {
      byte[] key = keys.get(i);
      byte @Nullable [] value = values.get(i);
      Digest old = value == null ? Digest.ZERO : ListingDigests.decode(value);
      Digest digest = old.xor(leaves.getOrDefault(ByteBuffer.wrap(key), Digest.ZERO));
      if (digest.equals(Digest.ZERO)) {
        batch.delete(ListingKeys.DIGESTS, key);
      } else {
        batch.put(ListingKeys.DIGESTS, key, ListingDigests.encode(digest));
      }
    }
  }

  private void writeDueEdits(KeyValueBatch batch) throws KeyValueFault {
    for (Map.Entry<ObjectHash, DueEdit> entry : due.entrySet()) {
      DueEdit edit = entry.getValue();
      byte[] key = ListingKeys.mark(entry.getKey());
      if (edit.ifChanged().equals(Timestamp.ZERO) || !marksStill(entry.getKey(), edit)) {
        continue;
      }
      if (edit.replacement() == null) {
        batch.delete(ListingKeys.DUE, key);
      } else {
        batch.put(ListingKeys.DUE, key, edit.replacement().encode());
      }
    }
  }

  private boolean marksStill(ObjectHash hash, DueEdit edit) throws KeyValueFault {
    byte @Nullable [] value = stored.get(ListingKeys.DUE, ListingKeys.mark(hash));
    return value != null && DueReport.decode(hash, value).changed().equals(edit.ifChanged());
  }

  private void xorLeaf(byte[] key, Digest delta) {
    leaves.merge(ByteBuffer.wrap(key), delta, Digest::xor);
  }

  private Listing listing(ListingId id) throws KeyValueFault {
    Listing known = listings.get(id);
    if (known != null) {
      return known;
    }
    ListingState state = ListingState.read(stored, id);
    Listing listing = new Listing(id, state.info(), state.totals());
    listings.put(id, listing);
    return listing;
  }

  /// A row's type is fixed by the kind of its listing, so that the cast holds.
  @SuppressWarnings("unchecked")
  private <R> Row<R> row(ListingId id, RowType<R> type, String name) throws KeyValueFault {
    RowKey key = new RowKey(id, name);
    Row<?> known = rows.get(key);
    if (known == null) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      byte @Nullable [] value = stored.get(ListingKeys.ROWS, ListingKeys.row(id, true, bytes));
      if (value == null) {
        value = stored.get(ListingKeys.ROWS, ListingKeys.row(id, false, bytes));
      }
      known = new Row<>(type, value == null ? null : type.decode(name, value));
      rows.put(key, known);
    }
    return (Row<R>) known;
  }
}
