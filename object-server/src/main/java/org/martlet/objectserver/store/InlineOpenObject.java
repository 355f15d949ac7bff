package org.martlet.objectserver.store;

import java.nio.ByteBuffer;

/// An object whose whole body was read and verified when it was opened.
final class InlineOpenObject implements OpenObject {
  private final StoredObject object;
  private final int crc32c;
  private final ByteBuffer body;
  private final Runnable release;
  private boolean closed;

  /// @param body position 0 to limit; not to be used after `release` has run
  InlineOpenObject(StoredObject object, int crc32c, ByteBuffer body, Runnable release) {
    this.object = object;
    this.crc32c = crc32c;
    this.body = body;
    this.release = release;
  }

  @Override
  public StoredObject object() {
    return object;
  }

  @Override
  public long size() {
    return body.limit();
  }

  @Override
  public int crc32c() {
    return crc32c;
  }

  @Override
  public int read(long offset, ByteBuffer into) {
    if (closed) {
      throw new IllegalStateException("the object is closed");
    }
    if (offset < 0 || offset > body.limit()) {
      throw new IndexOutOfBoundsException("offset " + offset + " in " + body.limit() + " bytes");
    }
    int length = Math.min(into.remaining(), body.limit() - (int) offset);
    into.put(into.position(), body, (int) offset, length);
    into.position(into.position() + length);
    return length;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release.run();
    }
  }
}
