package org.martlet.containerserver.listing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
  private static final int LISTING_KEY_BYTES = 1 + ObjectHash.BYTES + 1;

  private final KeyValueReader store;

  ListingDigests(KeyValueReader store) {
    this.store = store;
  }

  /// The exclusive-or over everything that a partition's listings of a kind hold.
  public Digest partition(ListingKind kind, int partPower, PartitionId partition)
      throws KeyValueFault {
    if (partPower > ListingKeys.TOP_LEAF_BITS) {
      return ofListings(kind, partPower, partition);
    }
    int shift = ListingKeys.TOP_LEAF_BITS - partPower;
    int first = partition.value() << shift;
    int past = (partition.value() + 1) << shift;
    byte[] lower = ListingKeys.topLeaf(kind, first);
    byte @Nullable [] upper =
        past < 1 << ListingKeys.TOP_LEAF_BITS
            ? ListingKeys.topLeaf(kind, past)
            : KeyRange.successor(new byte[] {lower[0], lower[1]});
    Digest sum = Digest.ZERO;
    try (KeyValueCursor cursor = store.cursor(ListingKeys.DIGESTS, KeyRange.of(lower, upper))) {
      for (boolean more = cursor.first(); more; more = cursor.next()) {
        sum = sum.xor(decode(cursor.value()));
      }
    }
    return sum;
  }

  /// The same from the listings one by one, for partitions smaller than a leaf.
  private Digest ofListings(ListingKind kind, int partPower, PartitionId partition)
      throws KeyValueFault {
    byte[] lower =
        ByteBuffer.allocate(9)
            .put(kind.code())
            .putLong((long) partition.value() << (64 - partPower))
            .array();
    Digest sum = Digest.ZERO;
    try (KeyValueCursor cursor =
        store.cursor(
            ListingKeys.LISTINGS,
            KeyRange.of(lower, KeyRange.successor(new byte[] {kind.code()})))) {
      for (boolean more = cursor.first(); more; more = cursor.next()) {
        byte[] key = cursor.key();
        if (!hashOf(key).partition(partPower).equals(partition)) {
          break;
        }
        if (key[key.length - 1] == 1) {
          sum = sum.xor(Totals.decode(cursor.value()).digest());
        }
      }
    }
    return sum;
  }

  private static ObjectHash hashOf(byte[] key) throws KeyValueFault {
    if (key.length != LISTING_KEY_BYTES) {
      throw RecordReader.corrupt("a key of a wrong length");
    }
    return ObjectHash.read(ByteBuffer.wrap(key, 1, ObjectHash.BYTES));
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
