package org.martlet.replicator.listing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.ListingEntry;
import org.martlet.common.replication.ListingPart;
import org.martlet.common.replication.ListingSummary;
import org.martlet.common.replication.RowDigest;
import org.martlet.common.replication.RowNames;
import org.martlet.replicator.plan.DigestSet;
import org.martlet.replicator.plan.Leaf;
import org.martlet.replicator.run.LeafDigests;
import org.martlet.replicator.run.ReplicaFault;

/// Listings in memory, with small pages, that may be no primary, and may fail.
final class FakeListings implements ListingReplica {
  /// @param put clock in ticks
  /// @param deleted clock in ticks, 0 for never
  record State(long put, long deleted) {
    State merge(State other) {
      return new State(Math.max(put, other.put), Math.max(deleted, other.deleted));
    }

    byte[] encode() {
      return ByteBuffer.allocate(16).putLong(put).putLong(deleted).array();
    }

    static State decode(ByteBuffer bytes) {
      return new State(bytes.getLong(), bytes.getLong());
    }
  }

  /// A register: the later clock wins, then a deletion, then the larger value.
  record Row(long clock, boolean deleted, long value) {
    private static final Comparator<Row> ORDER =
        Comparator.comparingLong(Row::clock)
            .thenComparing(Row::deleted)
            .thenComparingLong(Row::value);

    Row merge(Row other) {
      return ORDER.compare(this, other) >= 0 ? this : other;
    }

    byte[] encode() {
      return ByteBuffer.allocate(17)
          .putLong(clock)
          .put((byte) (deleted ? 1 : 0))
          .putLong(value)
          .array();
    }

    static Row decode(ByteBuffer bytes) {
      return new Row(bytes.getLong(), bytes.get() == 1, bytes.getLong());
    }
  }

  private static final class Listing {
    private State state;
    private final SortedMap<String, Row> rows = new TreeMap<>(RowNames::compare);

    Listing(State state) {
      this.state = state;
    }
  }

  private final SortedMap<ObjectHash, Listing> listings = new TreeMap<>();
  private final int page;
  private boolean primary = true;
  private int callsLeft = Integer.MAX_VALUE;
  private int calls;
  private int then = -1;
  private Runnable event = () -> {};
  private int rowsSent;
  private int reported;

  /// @param page of listings, rows and parts
  FakeListings(int page) {
    this.page = page;
  }

  FakeListings primary(boolean isPrimary) {
    primary = isPrimary;
    return this;
  }

  void failAfter(int calls) {
    callsLeft = calls;
  }

  /// Something happens just before a later call.
  void afterCalls(int count, Runnable what) {
    then = calls + count;
    event = what;
  }

  int calls() {
    return calls;
  }

  void put(ObjectHash hash, State state) {
    listings.merge(
        hash,
        new Listing(state),
        (old, fresh) -> {
          old.state = old.state.merge(fresh.state);
          return old;
        });
  }

  void put(ObjectHash hash, String name, Row row) {
    listings
        .computeIfAbsent(hash, key -> new Listing(new State(1, 0)))
        .rows
        .merge(name, row, Row::merge);
  }

  /// Everything, to be compared.
  Map<ObjectHash, Object> content() {
    Map<ObjectHash, Object> all = new HashMap<>();
    listings.forEach(
        (hash, listing) -> all.put(hash, List.of(listing.state, new TreeMap<>(listing.rows))));
    return all;
  }

  boolean has(ObjectHash hash) {
    return listings.containsKey(hash);
  }

  Map<String, Row> rows(ObjectHash hash) {
    Listing listing = listings.get(hash);
    return listing == null ? Map.of() : listing.rows;
  }

  /// Rows that were fetched here.
  int rowsSent() {
    return rowsSent;
  }

  int reported() {
    return reported;
  }

  private void call() throws ReplicaFault {
    if (calls++ == then) {
      event.run();
    }
    if (callsLeft-- <= 0) {
      throw new ReplicaFault(ReplicaFault.Kind.UNREACHABLE, "it is away");
    }
  }

  private static Digest hash(String what, byte[] bytes) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      md5.update(what.getBytes(StandardCharsets.UTF_8));
      return Digest.read(ByteBuffer.wrap(md5.digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int leaf(String name) {
    return (int) (hash(name, new byte[0]).high() >>> 56);
  }

  private static Digest digest(String name, Row row) {
    return hash("row " + name, row.encode());
  }

  private static Digest digest(Listing listing) {
    Digest sum = hash("state", listing.state.encode());
    for (Map.Entry<String, Row> row : listing.rows.entrySet()) {
      sum = sum.xor(digest(row.getKey(), row.getValue()));
    }
    return sum;
  }

  @Override
  public SortedMap<PartitionId, Digest> roots(int partPower) throws ReplicaFault {
    call();
    SortedMap<PartitionId, Digest> roots = new TreeMap<>();
    listings.forEach(
        (hash, listing) -> roots.merge(hash.partition(partPower), digest(listing), Digest::xor));
    return roots;
  }

  @Override
  public SortedMap<PartitionId, Digest> differing(
      int partPower, SortedMap<PartitionId, Digest> ours) throws ReplicaFault {
    SortedMap<PartitionId, Digest> here = roots(partPower);
    SortedMap<PartitionId, Digest> differing = new TreeMap<>();
    ours.forEach(
        (partition, digest) -> {
          Digest own = here.getOrDefault(partition, Digest.ZERO);
          if (!own.equals(digest)) {
            differing.put(partition, own);
          }
        });
    return differing;
  }

  @Override
  public LeafDigests leaves(int partPower, PartitionId partition, int bits) throws ReplicaFault {
    Map<Leaf, Digest> leaf = new TreeMap<>();
    Digest root = roots(partPower).getOrDefault(partition, Digest.ZERO);
    leaf.put(Leaf.of(partition, partPower), root);
    return new LeafDigests(partPower, primary, DigestSet.of(leaf));
  }

  @Override
  public void inTouch() throws ReplicaFault {
    call();
  }

  @Override
  public Listed listings(HashRange range, int limit) throws ReplicaFault {
    call();
    List<ListingEntry> entries = new ArrayList<>();
    for (Map.Entry<ObjectHash, Listing> entry : listings.tailMap(range.first()).entrySet()) {
      if (!range.contains(entry.getKey())) {
        break;
      }
      if (entries.size() == page) {
        return new Listed(entries, Optional.of(entry.getKey()), primary);
      }
      entries.add(new ListingEntry(entry.getKey(), digest(entry.getValue())));
    }
    return new Listed(entries, Optional.empty(), primary);
  }

  @Override
  public Optional<Summary> summary(ObjectHash listing) throws ReplicaFault {
    call();
    Listing found = listings.get(listing);
    if (found == null) {
      return Optional.empty();
    }
    Digest[] leaves = new Digest[ListingSummary.LEAVES];
    Arrays.fill(leaves, Digest.ZERO);
    boolean live = false;
    for (Map.Entry<String, Row> row : found.rows.entrySet()) {
      int leaf = leaf(row.getKey());
      leaves[leaf] = leaves[leaf].xor(digest(row.getKey(), row.getValue()));
      live |= !row.getValue().deleted();
    }
    boolean deleted = !live && found.state.deleted() > found.state.put();
    return Optional.of(
        new Summary(
            new ListingSummary(digest(found), hash("state", found.state.encode()), List.of(leaves)),
            Timestamp.ofTicks(deleted ? found.state.deleted() : 0)));
  }

  @Override
  public Optional<RowDigest.Page> rows(ObjectHash listing, BitSet leaves, String after, int limit)
      throws ReplicaFault {
    call();
    Listing found = listings.get(listing);
    if (found == null) {
      return Optional.empty();
    }
    List<RowDigest> rows = new ArrayList<>();
    int looked = 0;
    for (Map.Entry<String, Row> entry : found.rows.tailMap(after).entrySet()) {
      String name = entry.getKey();
      Row row = entry.getValue();
      if (name.equals(after)) {
        continue;
      }
      if (leaves.get(leaf(name))) {
        rows.add(new RowDigest(name, row.deleted(), row.clock(), digest(name, row).high()));
      }
      looked++;
      if (looked == page) {
        return Optional.of(new RowDigest.Page(rows, name));
      }
    }
    return Optional.of(new RowDigest.Page(rows, ""));
  }

  @Override
  public Optional<ListingPart> fetch(ObjectHash listing, List<String> names) throws ReplicaFault {
    call();
    Listing found = listings.get(listing);
    if (found == null) {
      return Optional.empty();
    }
    List<ListingPart.Row> rows = new ArrayList<>();
    for (String name : names) {
      Row row = found.rows.get(name);
      if (row != null && rows.size() < page) {
        rows.add(new ListingPart.Row(name, ByteBuffer.wrap(row.encode())));
      }
    }
    rowsSent += rows.size();
    return Optional.of(new ListingPart(ByteBuffer.wrap(found.state.encode()), rows));
  }

  @Override
  public boolean merge(ObjectHash listing, ListingPart part, boolean report) throws ReplicaFault {
    call();
    if (!primary) {
      return false;
    }
    put(listing, State.decode(part.state()));
    part.rows().forEach(row -> put(listing, row.name(), Row.decode(row.record())));
    reported += report ? 1 : 0;
    return true;
  }

  @Override
  public boolean drop(ObjectHash listing, Digest digest) throws ReplicaFault {
    call();
    Listing found = listings.get(listing);
    if (found != null && digest(found).equals(digest)) {
      listings.remove(listing);
    }
    return !listings.containsKey(listing);
  }

  @Override
  public ReclaimStep reclaim(ReclaimFrom from, Timestamp before) throws ReplicaFault {
    call();
    long rows = 0;
    long gone = 0;
    for (ObjectHash hash : List.copyOf(listings.tailMap(from.range().first()).keySet())) {
      Listing listing = listings.get(hash);
      if (from.range().contains(hash)) {
        int size = listing.rows.size();
        listing.rows.values().removeIf(row -> row.deleted() && row.clock() < before.ticks());
        rows += size - listing.rows.size();
        State state = listing.state;
        if (listing.rows.isEmpty()
            && state.deleted() > state.put()
            && state.deleted() < before.ticks()) {
          listings.remove(hash);
          gone++;
        }
      }
    }
    return new ReclaimStep(rows, gone, Optional.empty());
  }
}
