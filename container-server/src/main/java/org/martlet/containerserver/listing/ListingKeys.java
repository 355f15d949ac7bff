package org.martlet.containerserver.listing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueFamily;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.replication.HashRange;

/// The families of a device's listing database and the shape of their keys.
///
/// | family | key | value |
/// |---|---|---|
/// | `listings` | kind, hash, 0 | [ListingInfo] |
/// | `listings` | kind, hash, 1 | [Totals] |
/// | `listings` | 0 | format version, one byte |
/// | `rows` | kind, hash, 0 live or 1 deleted, name in UTF-8 | a row, see [RowType] |
/// | `digests` | kind, 0, first two bytes of the hash | digest of all listings there |
/// | `digests` | kind, 1, hash, first byte of the name's hash | digest of a listing's rows there |
/// | `due` | hash of a container | [DueReport] |
/// | `misplaced` | hash of a container | [MisplacedMark] |
final class ListingKeys {
  static final KeyValueFamily LISTINGS = KeyValueFamily.forPoints("listings");
  static final KeyValueFamily ROWS = KeyValueFamily.forScans("rows");
  static final KeyValueFamily DIGESTS = KeyValueFamily.forPoints("digests");
  static final KeyValueFamily DUE = KeyValueFamily.forScans("due");
  static final KeyValueFamily MISPLACED = KeyValueFamily.forScans("misplaced");
  static final List<KeyValueFamily> FAMILIES = List.of(LISTINGS, ROWS, DIGESTS, DUE, MISPLACED);

  /// Bits of a listing's hash that choose its leaf in the device's digests.
  static final int TOP_LEAF_BITS = 16;

  private static final byte INFO = 0;
  private static final byte TOTALS = 1;
  private static final byte LIVE = 0;
  private static final byte DELETED = 1;
  private static final byte TOP_LEAF = 0;
  private static final byte NAME_LEAF = 1;
  private static final int ROW_PREFIX = 1 + ObjectHash.BYTES + 1;

  private static final int LISTING_KEY = 1 + ObjectHash.BYTES + 1;

  private ListingKeys() {}

  static byte[] format() {
    return new byte[] {0};
  }

  static byte[] info(ListingId id) {
    return prefix(id, ObjectHash.BYTES + 2).put(INFO).array();
  }

  static byte[] info(ListingKind kind, ObjectHash hash) {
    byte[] prefix = listing(kind, hash);
    byte[] key = Arrays.copyOf(prefix, prefix.length + 1);
    key[prefix.length] = INFO;
    return key;
  }

  static byte[] totals(ListingId id) {
    return prefix(id, ObjectHash.BYTES + 2).put(TOTALS).array();
  }

  /// What the keys of a listing's state and totals, and of all of its rows, begin with.
  static byte[] listing(ListingKind kind, ObjectHash hash) {
    ByteBuffer key = ByteBuffer.allocate(1 + ObjectHash.BYTES).put(kind.code());
    hash.write(key);
    return key.array();
  }

  /// The listings of a kind whose hashes are in a range.
  static KeyRange listings(ListingKind kind, HashRange range) {
    return KeyRange.of(
        listing(kind, range.first()), KeyRange.successor(listing(kind, range.last())));
  }

  /// Whose state or totals a key has.
  static ObjectHash hashOfListing(byte[] key) throws KeyValueFault {
    if (key.length != LISTING_KEY) {
      throw RecordReader.corrupt("a key of a wrong length");
    }
    return ObjectHash.read(ByteBuffer.wrap(key, 1, ObjectHash.BYTES));
  }

  static boolean isInfo(byte[] key) {
    return key[key.length - 1] == INFO;
  }

  /// What the keys of all live, or all deleted, rows of a listing begin with.
  static byte[] rows(ListingId id, boolean live) {
    return prefix(id, ROW_PREFIX).put(live ? LIVE : DELETED).array();
  }

  static byte[] row(ListingId id, boolean live, byte[] name) {
    return prefix(id, ROW_PREFIX + name.length).put(live ? LIVE : DELETED).put(name).array();
  }

  static String rowName(byte[] key) {
    return new String(key, ROW_PREFIX, key.length - ROW_PREFIX, StandardCharsets.UTF_8);
  }

  static byte[] topLeaf(ListingKind kind, int leaf) {
    return new byte[] {kind.code(), TOP_LEAF, (byte) (leaf >>> 8), (byte) leaf};
  }

  static byte[] topLeaf(ListingId id) {
    return topLeaf(id.kind(), topLeafOf(id.hash()));
  }

  static int topLeafOf(ObjectHash hash) {
    return (int) (hash.high() >>> (64 - TOP_LEAF_BITS));
  }

  /// The least key past all top leaves of a kind.
  static byte[] pastTopLeaves(ListingKind kind) {
    return new byte[] {kind.code(), TOP_LEAF + 1};
  }

  static int topLeafOf(byte[] key) throws KeyValueFault {
    if (key.length != 2 + TOP_LEAF_BITS / Byte.SIZE) {
      throw RecordReader.corrupt("a key of a wrong length");
    }
    return (key[2] & 0xff) << 8 | (key[3] & 0xff);
  }

  /// What the keys of a listing's name leaves begin with.
  static byte[] nameLeaves(ListingId id) {
    return nameLeafPrefix(id, ObjectHash.BYTES + 2).array();
  }

  static byte[] nameLeaf(ListingId id, int leaf) {
    return nameLeafPrefix(id, ObjectHash.BYTES + 3).put((byte) leaf).array();
  }

  /// The key of a container's mark, of either family of marks.
  static byte[] mark(ObjectHash container) {
    return container.bytes();
  }

  private static ByteBuffer nameLeafPrefix(ListingId id, int bytes) {
    ByteBuffer key = ByteBuffer.allocate(bytes).put(id.kind().code()).put(NAME_LEAF);
    id.hash().write(key);
    return key;
  }

  private static ByteBuffer prefix(ListingId id, int bytes) {
    ByteBuffer key = ByteBuffer.allocate(bytes).put(id.kind().code());
    id.hash().write(key);
    return key;
  }
}
