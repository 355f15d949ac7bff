package org.martlet.common.replication;

import java.util.List;
import org.martlet.common.model.ObjectHash;

/// Hashes of objects, in the order in which they are meant.
///
/// - Shape: an [ItemList] `MHL` of 16 bytes each.
public final class HashList {
  /// The most hashes of one list.
  public static final int MAX_ENTRIES = 1_000;

  private static final ItemList<ObjectHash> LIST =
      new ItemList<>("MHL", ObjectHash.BYTES, ObjectHash::write, ObjectHash::read);

  /// The bytes of the longest list.
  public static final int MAX_BYTES = (int) LIST.bytes(MAX_ENTRIES);

  private HashList() {}

  public static byte[] encode(List<ObjectHash> hashes) {
    return LIST.encode(hashes);
  }

  /// @throws IllegalArgumentException with words for the sender if this is no such list
  public static List<ObjectHash> decode(byte[] bytes) {
    return LIST.decode(bytes, MAX_ENTRIES);
  }
}
