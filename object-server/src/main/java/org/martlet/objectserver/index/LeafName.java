package org.martlet.objectserver.index;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// One leaf of the digests that an index keeps.
///
/// @param number the leading bits of the hashes in it, and the generation, see [LeafForm]
record LeafName(int policy, int number) {
  private static final int LEAF_MASK = (1 << 30) - 1;

  static LeafName read(byte[] key) {
    ByteBuffer from = ByteBuffer.wrap(key);
    return new LeafName(Short.toUnsignedInt(from.getShort()), from.getInt());
  }

  byte[] key() {
    return ByteBuffer.allocate(6).putShort((short) policy).putInt(number).array();
  }

  /// The least key above [#key].
  byte[] keyBehind() {
    byte[] key = key();
    return Arrays.copyOf(key, key.length + 1);
  }

  /// The leading bits of the hashes in it.
  int leaf() {
    return number & LEAF_MASK;
  }

  @Override
  public String toString() {
    return policy + "/" + Integer.toHexString(leaf());
  }
}
