package org.martlet.containerserver.listing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;

/// The values that digests are the exclusive-or of: a keyed hash of each row and of each listing's
/// own state. Without the key nobody can choose names that cancel each other out.
///
/// - Shape: the first 128 bits of SHA-256 over digest version (1), length and bytes of the key,
/// kind, hash of the listing, 0 for its own state or 1 for a row; a row's name as length and UTF-8;
///   the record as it is stored.
/// - Threads: one at a time.
final class StateHasher {
  private static final int DIGEST_VERSION = 1;

  private final byte[] head;
  private final PathHasher paths;
  private final MessageDigest sha256;

  StateHasher(DigestKey digestKey, PathHasher paths) {
    byte[] key = digestKey.bytes();
    this.head =
        ByteBuffer.allocate(2 + 4 + key.length)
            .putShort((short) DIGEST_VERSION)
            .putInt(key.length)
            .put(key)
            .array();
    this.paths = paths;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  Digest info(ListingId id, byte[] encoded) {
    begin(id, (byte) 0);
    return finish(encoded);
  }

  Digest row(ListingId id, String name, byte[] encoded) {
    begin(id, (byte) 1);
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
    sha256.update(bytes);
    return finish(encoded);
  }

  /// Which leaf of its listing a name belongs to: the first byte of the path's hash.
  int leaf(ListingId id, String name) {
    ObjectPath path = id.path();
    @Nullable String container = path.container();
    ObjectPath member =
        container == null
            ? ObjectPath.container(path.account(), name)
            : ObjectPath.object(path.account(), container, name);
    return (int) (paths.hash(member).high() >>> 56);
  }

  private void begin(ListingId id, byte what) {
    sha256.update(head);
    ByteBuffer prefix = ByteBuffer.allocate(2 + ObjectHash.BYTES).put(id.kind().code());
    id.hash().write(prefix);
    sha256.update(prefix.put(what).array());
  }

  private Digest finish(byte[] encoded) {
    return Digest.read(ByteBuffer.wrap(sha256.digest(encoded)));
  }
}
