package org.martlet.objectserver.index;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.martlet.common.model.Digest;
import org.martlet.common.model.Timestamp;
import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.state.ObjectKey;

/// The value that one object or tombstone adds to a digest: a keyed hash of its joined state, so
/// that nobody outside the cluster can make objects that cancel each other out.
///
/// - Shape: the first 16 bytes of SHA-256 over version, secret, key and clocks;
///   `docs/disk-format.md`, "Digests". Replicas compare these values: a change needs a new
///   version.
/// - Threads: one at a time.
public final class StateDigest {
  /// The version of what is hashed.
  public static final byte VERSION = 1;

  private static final int STATE_BYTES =
      1 + ObjectKey.BYTES + 1 + 3 * 2 * Long.BYTES + 16 + Long.BYTES + Integer.BYTES;

  private final byte[] secret;
  private final MessageDigest sha256;
  private final ByteBuffer state = ByteBuffer.allocate(STATE_BYTES);

  /// @param secret the cluster's; any length
  public StateDigest(byte[] secret) {
    this.secret = secret.clone();
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public Digest of(ObjectKey key, ObjectClocks clocks) {
    state.clear().put(VERSION);
    key.write(state);
    state.put((byte) (clocks.deleted() ? 1 : 0));
    write(clocks.data());
    write(clocks.contentType());
    write(clocks.metadata());
    clocks.etag().write(state);
    state.putLong(clocks.size()).putInt(clocks.headersTag());
    sha256.update(secret);
    sha256.update(state.flip());
    return Digest.read(ByteBuffer.wrap(sha256.digest()));
  }

  private void write(Timestamp clock) {
    state.putLong(clock.ticks()).putLong(clock.offset());
  }
}
