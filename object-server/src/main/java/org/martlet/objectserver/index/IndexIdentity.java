package org.martlet.objectserver.index;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Whose index this is and how its digests are made.
///
/// @param form of the digests
/// @param secretCheck shows that the digests were made under another secret
record IndexIdentity(UUID device, LeafForm form, byte digestVersion, long secretCheck) {
  /// Of the whole index. One of another version is made anew from the log: 1 counted gone records
  /// as live bytes, 2 did not know what expires. Version 4 is version 3 with leaves in the second
  /// key space: who does not know of that makes the index anew.
  private static final byte VERSION = 3;

  private static final byte VERSION_SECOND_SPACE = 4;
  private static final int BYTES = 1 + 16 + 1 + 1 + Long.BYTES;
  static final int MAX_LEAF_BITS = 24;
  private static final long RECORDS_PER_LEAF = 1000;

  /// A short check value of the cluster's secret.
  record Secret(long check) {
    Secret(byte[] secret) {
      this(checkOf(secret));
    }

    private static long checkOf(byte[] secret) {
      try {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update(new byte[] {'c', 'h', 'e', 'c', 'k'});
        return ByteBuffer.wrap(sha256.digest(secret)).getLong();
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }

  /// What is right for so many records: leaves of about a thousand.
  static IndexIdentity wanted(UUID device, Secret secret, int minimumLeafBits, long records) {
    long leaves = Math.max(1, records / RECORDS_PER_LEAF);
    int bits = Long.SIZE - Long.numberOfLeadingZeros(leaves - 1);
    int leafBits = Math.clamp(Math.max(bits, minimumLeafBits), 0, MAX_LEAF_BITS);
    return new IndexIdentity(
        device, new LeafForm(leafBits, 0), StateDigest.VERSION, secret.check());
  }

  /// The same with other digests.
  IndexIdentity with(LeafForm other) {
    return new IndexIdentity(device, other, digestVersion, secretCheck);
  }

  /// Whether the digests can stay as they are: leaves may be up to four times too large, and any
  /// amount too small, but never larger than a partition.
  boolean isGoodEnough(IndexIdentity wanted, int minimumLeafBits) {
    return device.equals(wanted.device)
        && digestVersion == wanted.digestVersion
        && secretCheck == wanted.secretCheck
        && form.bits() >= Math.min(minimumLeafBits, MAX_LEAF_BITS)
        && form.bits() >= wanted.form.bits() - 2;
  }

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put(form.generation() == 0 ? VERSION : VERSION_SECOND_SPACE)
        .putLong(device.getMostSignificantBits())
        .putLong(device.getLeastSignificantBits())
        .put((byte) form.bits())
        .put(digestVersion)
        .putLong(secretCheck)
        .array();
  }

  static @Nullable IndexIdentity decode(byte @Nullable [] bytes) {
    if (bytes == null
        || bytes.length != BYTES
        || (bytes[0] != VERSION && bytes[0] != VERSION_SECOND_SPACE)) {
      return null;
    }
    ByteBuffer from = ByteBuffer.wrap(bytes, 1, BYTES - 1);
    UUID device = new UUID(from.getLong(), from.getLong());
    LeafForm form = new LeafForm(from.get(), bytes[0] == VERSION ? 0 : 1);
    return new IndexIdentity(device, form, from.get(), from.getLong());
  }
}
