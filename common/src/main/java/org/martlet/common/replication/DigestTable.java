package org.martlet.common.replication;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.martlet.common.model.Digest;

/// Digests by number: of partitions, or of leaves.
///
/// - Shape: an [ItemList] `MDG` of u32 number and 16 bytes of digest, ascending.
/// - A number that is not named has [Digest#ZERO]; naming it with zero says the same.
public final class DigestTable {
  /// The most entries of one table.
  public static final int MAX_ENTRIES = 65_536;

  private static final ItemList<Map.Entry<Integer, Digest>> LIST =
      new ItemList<>(
          "MDG",
          Integer.BYTES + Digest.BYTES,
          (entry, to) -> entry.getValue().write(to.putInt(entry.getKey())),
          from -> Map.entry(from.getInt(), Digest.read(from)));

  /// The bytes of the largest table.
  public static final int MAX_BYTES = (int) LIST.bytes(MAX_ENTRIES);

  private DigestTable() {}

  /// @throws IllegalArgumentException if there are too many entries
  public static byte[] encode(SortedMap<Integer, Digest> digests) {
    if (digests.size() > MAX_ENTRIES) {
      throw new IllegalArgumentException("too many digests for one table: " + digests.size());
    }
    return LIST.encode(
        digests.entrySet().stream()
            .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
            .toList());
  }

  /// @throws IllegalArgumentException with words for the sender if this is no such table
  public static SortedMap<Integer, Digest> decode(byte[] bytes) {
    SortedMap<Integer, Digest> digests = new TreeMap<>(Comparator.naturalOrder());
    int before = -1;
    List<Map.Entry<Integer, Digest>> entries = LIST.decode(bytes, MAX_ENTRIES);
    for (Map.Entry<Integer, Digest> entry : entries) {
      if (entry.getKey() <= before) {
        throw new IllegalArgumentException("digests are out of order at " + entry.getKey());
      }
      before = entry.getKey();
      digests.put(before, entry.getValue());
    }
    return digests;
  }
}
