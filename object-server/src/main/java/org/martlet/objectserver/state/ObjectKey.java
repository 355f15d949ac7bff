package org.martlet.objectserver.state;

import java.nio.ByteBuffer;
import org.martlet.common.model.ObjectHash;

/// What a device stores something under: a storage policy, the hash of the object's path, and
/// which variant of the object it is.
///
/// Order and encoded form agree (policy, hash, variant; big-endian, unsigned), so that a range of
/// keys of one policy is a range of hashes for every part power.
///
/// @param policy the storage policy index, 0 to 65,535
/// @param variant [#WHOLE], or the index of an erasure-code fragment, 0 to 254
public record ObjectKey(int policy, ObjectHash hash, int variant) implements Comparable<ObjectKey> {
  /// The variant of an object that is stored whole.
  public static final int WHOLE = 255;

  /// Bytes of an encoded key.
  public static final int BYTES = 2 + ObjectHash.BYTES + 1;

  public ObjectKey {
    if (policy < 0 || policy > 0xffff) {
      throw new IllegalArgumentException("policy index is not in 0..65535: " + policy);
    }
    if (variant < 0 || variant > WHOLE) {
      throw new IllegalArgumentException("variant is not in 0..255: " + variant);
    }
  }

  /// The key of an object that is stored whole.
  public static ObjectKey whole(int policy, ObjectHash hash) {
    return new ObjectKey(policy, hash, WHOLE);
  }

  /// Reads [#BYTES] bytes from a big-endian buffer and advances it.
  public static ObjectKey read(ByteBuffer from) {
    int policy = Short.toUnsignedInt(from.getShort());
    ObjectHash hash = ObjectHash.read(from);
    return new ObjectKey(policy, hash, Byte.toUnsignedInt(from.get()));
  }

  /// Writes [#BYTES] bytes to a big-endian buffer and advances it.
  public void write(ByteBuffer to) {
    to.putShort((short) policy);
    hash.write(to);
    to.put((byte) variant);
  }

  @Override
  public int compareTo(ObjectKey other) {
    int byPolicy = Integer.compare(policy, other.policy);
    if (byPolicy != 0) {
      return byPolicy;
    }
    int byHash = hash.compareTo(other.hash);
    return byHash != 0 ? byHash : Integer.compare(variant, other.variant);
  }
}
