package org.martlet.bench;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.model.Timestamp;
import org.martlet.objectserver.state.Etag;
import org.martlet.objectserver.state.HeaderMap;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.state.ObjectState;
import org.martlet.objectserver.store.DueTargets;
import org.martlet.objectserver.store.Mutation;
import org.martlet.objectserver.store.NewBody;
import org.martlet.objectserver.store.Precondition;

/// Numbered objects that all have the same incompressible body.
///
/// - Threads: any.
final class SmallObjects {
  static final int BODY_BYTES = 4096;

  private final PathHasher hasher;
  private final HeaderMap metadata = HeaderMap.of(Map.of("X-Object-Meta-Camera", "one"));
  private final byte[] body;
  private final Etag etag;

  /// With bodies of 4 KiB.
  SmallObjects() {
    this(BODY_BYTES);
  }

  SmallObjects(int bodyBytes) {
    this(bodyBytes, new PathHasher("", "a cluster's suffix"));
  }

  SmallObjects(int bodyBytes, PathHasher hasher) {
    this.hasher = hasher;
    this.body = body(bodyBytes);
    this.etag = etag(body);
  }

  private static byte[] body(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static Etag etag(byte[] body) {
    try {
      return Etag.of(MessageDigest.getInstance("MD5").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  private static ObjectPath path(long n) {
    return ObjectPath.object("AUTH_account", "photos", "2026/07/IMG_" + n + ".jpg");
  }

  ObjectKey key(long n) {
    return ObjectKey.whole(0, hasher.hash(path(n)));
  }

  /// A PUT of object n, later than the one of any smaller number, into the volume.
  Mutation put(long n) {
    return put(n, NewBody.inline(List.of(ByteBuffer.wrap(body))));
  }

  /// The same with a body that was staged.
  Mutation put(long n, NewBody staged) {
    ObjectPath path = path(n);
    ObjectState state =
        ObjectState.put(
            Timestamp.ofTicks(1 + n), etag, staged.size(), HeaderMap.EMPTY, "image/jpeg", metadata);
    ObjectRecord record = new ObjectRecord(ObjectKey.whole(0, hasher.hash(path)), path, state);
    return new Mutation.Put(record, staged, Precondition.NONE, DueTargets.NONE);
  }
}
