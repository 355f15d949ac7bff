package org.martlet.objectserver.store;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.model.Timestamp;
import org.martlet.objectserver.state.ContentType;
import org.martlet.objectserver.state.Etag;
import org.martlet.objectserver.state.HeaderMap;
import org.martlet.objectserver.state.Metadata;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.state.ObjectState;

/// Objects and mutations for tests.
final class Samples {
  private static final PathHasher HASHER = new PathHasher("", "test");

  private Samples() {}

  static ObjectPath path(int n) {
    return ObjectPath.object("AUTH_test", "c", "object/" + n);
  }

  static ObjectKey key(int n) {
    return ObjectKey.whole(n % 2, HASHER.hash(path(n)));
  }

  static Timestamp at(long ticks) {
    return Timestamp.ofTicks(ticks);
  }

  static byte[] body(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static Etag etag(byte[] body) {
    try {
      return Etag.of(MessageDigest.getInstance("MD5").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static HeaderMap headers(String name, String value) {
    return HeaderMap.of(Map.of(name, value));
  }

  /// Some of them expire, of which some at the same time.
  private static HeaderMap metadata(String value, long ticks) {
    return ticks % 5 == 1 || (ticks > 100 && ticks % 20 == 10)
        ? HeaderMap.of(
            Map.of("X-Object-Meta-A", value, "X-Delete-At", Long.toString(1000 + ticks % 8)))
        : headers("X-Object-Meta-A", value);
  }

  static ObjectRecord record(int n, long ticks, byte[] body) {
    ObjectState state =
        ObjectState.put(
            at(ticks),
            etag(body),
            body.length,
            headers("X-Object-Sysmeta-A", "s" + ticks),
            "text/" + ticks,
            metadata("m" + ticks, ticks));
    return new ObjectRecord(key(n), path(n), state);
  }

  static Mutation put(int n, long ticks, byte[] body) {
    return put(n, ticks, body, DueTargets.NONE);
  }

  static Mutation put(int n, long ticks, byte[] body, DueTargets due) {
    return new Mutation.Put(record(n, ticks, body), inline(body), Precondition.NONE, due);
  }

  static NewBody inline(byte[] body) {
    int half = body.length / 2;
    return NewBody.inline(
        List.of(ByteBuffer.wrap(body, 0, half), ByteBuffer.wrap(body, half, body.length - half)));
  }

  static NewBody blobIn(BlobWriter writer, byte[] body) throws StoreFault {
    int third = body.length / 3;
    writer.write(ByteBuffer.wrap(body, 0, third));
    writer.write(ByteBuffer.wrap(body, third, body.length - third));
    return writer.finish();
  }

  static MutationOutcome putBlob(DeviceStore store, int n, long ticks, byte[] body)
      throws StoreFault {
    try (BlobWriter writer = store.newBlob()) {
      NewBody blob = blobIn(writer, body);
      return store
          .submit(
              new Mutation.Put(record(n, ticks, body), blob, Precondition.NONE, DueTargets.NONE))
          .join();
    }
  }

  static Mutation delete(int n, long ticks) {
    return Mutation.Delete.of(key(n), path(n), at(ticks), Precondition.NONE, DueTargets.NONE);
  }

  static Mutation post(int n, long ticks, boolean withType) {
    return new Mutation.Post(
        key(n),
        new Metadata(at(ticks), metadata("p" + ticks, ticks)),
        withType ? Optional.of(new ContentType(at(ticks), "post/" + ticks)) : Optional.empty(),
        Precondition.NONE,
        DueTargets.NONE);
  }

  /// The whole body of a live object, read in odd pieces.
  static byte[] bodyOf(OpenObject object, int piece) throws StoreFault {
    ByteBuffer all = ByteBuffer.allocate((int) object.size());
    while (all.hasRemaining()) {
      ByteBuffer part = all.slice(all.position(), Math.min(piece, all.remaining()));
      int read = object.read(all.position(), part);
      if (read <= 0) {
        throw new AssertionError("the body ends at " + all.position() + " of " + object.size());
      }
      all.position(all.position() + read);
    }
    return all.array();
  }
}
