package org.martlet.objectserver.index;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueFamily;
import org.martlet.common.model.ObjectHash;
import org.martlet.objectserver.state.ObjectKey;

/// The key spaces of the index and the form of their keys: big-endian, so that bytes sort as
/// values do. `docs/disk-format.md`, "Index".
final class Keys {
  static final KeyValueFamily OBJECTS = KeyValueFamily.forPoints("objects");
  static final KeyValueFamily DUE = KeyValueFamily.forScans("due");
  static final KeyValueFamily EXPIRIES = KeyValueFamily.forScans("expiries");
  static final KeyValueFamily DIGESTS = KeyValueFamily.forPoints("digests");
  static final KeyValueFamily BLOBS = KeyValueFamily.forPoints("blobs");
  static final KeyValueFamily META = KeyValueFamily.forPoints("meta");

  static final byte[] POSITION = {'p'};
  static final byte[] IDENTITY = {'i'};
  static final byte[] AUDIT = {'a'};
  static final byte POLICY_PREFIX = 'c';
  static final byte VOLUME_PREFIX = 'v';
  static final byte GONE_PREFIX = 'g';

  private static final int DUE_BYTES = Long.BYTES + ObjectKey.BYTES + 1;

  private Keys() {}

  static byte[] object(ObjectKey key) {
    byte[] bytes = new byte[ObjectKey.BYTES];
    key.write(ByteBuffer.wrap(bytes));
    return bytes;
  }

  /// All variants of all hashes from one to another, both inclusive.
  static KeyRange objects(int policy, ObjectHash from, ObjectHash to) {
    byte[] last = object(new ObjectKey(policy, to, ObjectKey.WHOLE));
    byte[] behind = Arrays.copyOf(last, last.length + 1);
    return KeyRange.of(object(new ObjectKey(policy, from, 0)), behind);
  }

  static byte[] due(long sequence, ObjectKey key, int target) {
    ByteBuffer to = ByteBuffer.allocate(DUE_BYTES).putLong(sequence);
    key.write(to);
    return to.put((byte) target).array();
  }

  static byte[] expiry(long deleteAt, ObjectKey key) {
    ByteBuffer to = ByteBuffer.allocate(Long.BYTES + ObjectKey.BYTES).putLong(deleteAt);
    key.write(to);
    return to.array();
  }

  static byte[] blob(long id) {
    return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
  }

  static byte[] policy(int policy) {
    return ByteBuffer.allocate(3).put(POLICY_PREFIX).putShort((short) policy).array();
  }

  static byte[] volume(int number) {
    return ByteBuffer.allocate(5).put(VOLUME_PREFIX).putInt(number).array();
  }
}
