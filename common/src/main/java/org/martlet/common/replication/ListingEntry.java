package org.martlet.common.replication;

import java.nio.ByteBuffer;
import java.util.List;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;

/// A container's or an account's listing as a device has it.
///
/// - Shape of a list: an [ItemList] `MLL` of 16 bytes of hash and 16 bytes of digest.
///
/// @param hash of the listing's path
/// @param digest over its own state and all its rows, deleted ones too: equal on replicas that have
///     the same
public record ListingEntry(ObjectHash hash, Digest digest) {
  /// The most entries of one list.
  public static final int MAX_ENTRIES = 10_000;

  private static final ItemList<ListingEntry> LIST =
      new ItemList<>(
          "MLL", ObjectHash.BYTES + Digest.BYTES, ListingEntry::write, ListingEntry::read);

  /// The bytes of the longest list.
  public static final int MAX_BYTES = (int) LIST.bytes(MAX_ENTRIES);

  public static byte[] encode(List<ListingEntry> entries) {
    return LIST.encode(entries);
  }

  /// @throws IllegalArgumentException with words for the sender if this is no such list
  public static List<ListingEntry> decode(byte[] bytes) {
    return LIST.decode(bytes, MAX_ENTRIES);
  }

  private static void write(ListingEntry entry, ByteBuffer to) {
    entry.hash.write(to);
    entry.digest.write(to);
  }

  private static ListingEntry read(ByteBuffer from) {
    return new ListingEntry(ObjectHash.read(from), Digest.read(from));
  }
}
