package org.martlet.containerserver.listing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueCursor;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueReader;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;

/// Digests over a device's listings, for replicas to compare: of a partition, of a listing, of a
/// part of a listing's names.
///
/// Threads: any platform thread; blocks on the device.
public final class ListingDigests {
  private final KeyValueReader store;

  ListingDigests(KeyValueReader store) {
    this.store = store;
  }

  /// The exclusive-or over everything that a partition's listings of a kind hold.
  public Digest partition(ListingKind kind, int partPower, PartitionId partition)
      throws KeyValueFault {
    return byPrefix(kind, partPower, partition.value(), partition.value(), 1)
        .getOrDefault(partition.value(), Digest.ZERO);
  }

  /// The digests of everything whose hash begins with certain bits, by these bits as a number;
  /// what is empty is not among them.
  ///
  /// - Cost: up to [ListingKeys#TOP_LEAF_BITS] bits a look at the kept digests, else at every
  ///   listing in question.
  ///
  /// @param bits 0 to 31
  /// @param first the least number that is wanted
  /// @param last the greatest
  /// @param limit of digests
  public SortedMap<Integer, Digest> byPrefix(
      ListingKind kind, int bits, int first, int last, int limit) throws KeyValueFault {
    boolean kept = bits <= ListingKeys.TOP_LEAF_BITS;
    KeyRange range =
        kept
            ? KeyRange.of(
                ListingKeys.topLeaf(kind, first << (ListingKeys.TOP_LEAF_BITS - bits)),
                ListingKeys.pastTopLeaves(kind))
            : KeyRange.of(
                ListingKeys.listing(kind, new ObjectHash((long) first << (Long.SIZE - bits), 0)),
                KeyRange.successor(new byte[] {kind.code()}));
    SortedMap<Integer, Digest> sums = new TreeMap<>();
    try (KeyValueCursor cursor =
        store.cursor(kept ? ListingKeys.DIGESTS : ListingKeys.LISTINGS, range)) {
      for (boolean more = cursor.first(); more; more = cursor.next()) {
        byte[] key = cursor.key();
        if (!kept && ListingKeys.isInfo(key)) {
          continue;
        }
        int prefix =
            kept
                ? ListingKeys.topLeafOf(key) >>> (ListingKeys.TOP_LEAF_BITS - bits)
                : ListingKeys.hashOfListing(key).partition(bits).value();
        if (prefix > last || (sums.size() == limit && !sums.containsKey(prefix))) {
          break;
        }
        Digest digest = kept ? decode(cursor.value()) : Totals.decode(cursor.value()).digest();
        sums.merge(prefix, digest, Digest::xor);
      }
    }
    sums.values().removeIf(Digest.ZERO::equals);
    return sums;
  }

  /// The digests of a listing's 256 parts, by the first byte of the hash of a row's name.
  public List<Digest> nameLeaves(ListingId id) throws KeyValueFault {
    List<byte[]> keys = new ArrayList<>(256);
    for (int leaf = 0; leaf < 256; leaf++) {
      keys.add(ListingKeys.nameLeaf(id, leaf));
    }
    List<Digest> digests = new ArrayList<>(256);
    for (byte @Nullable [] value : store.multiGet(ListingKeys.DIGESTS, keys)) {
      digests.add(value == null ? Digest.ZERO : decode(value));
    }
    return digests;
  }

  static byte[] encode(Digest digest) {
    ByteBuffer bytes = ByteBuffer.allocate(Digest.BYTES);
    digest.write(bytes);
    return bytes.array();
  }

  static Digest decode(byte[] bytes) throws KeyValueFault {
    if (bytes.length != Digest.BYTES) {
      throw RecordReader.corrupt("a digest of a wrong length");
    }
    return Digest.read(ByteBuffer.wrap(bytes));
  }
}
