package org.martlet.common.http;

import java.nio.ByteBuffer;

/// A piece of a body in memory that somebody owns.
///
/// - Ownership: who is given a chunk releases it once, or passes it on. After [#release] its bytes
///   must not be touched.
/// - Threads: one at a time.
public interface Chunk {
  /// What [Body#next] gives after the last byte; empty, needs no release.
  Chunk END = new EndChunk();

  /// Bytes in this chunk; 0 only for [#END].
  int size();

  /// A read-only view of the bytes, valid until [#release]; each call gives a fresh position.
  ByteBuffer bytes();

  /// Adds an owner, who releases it on its own.
  Chunk retain();

  void release();

  /// Over an array that the caller no longer changes.
  static Chunk of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  static Chunk of(byte[] bytes, int offset, int length) {
    return length == 0
        ? END
        : new ArrayChunk(ByteBuffer.wrap(bytes, offset, length).slice().asReadOnlyBuffer());
  }
}
