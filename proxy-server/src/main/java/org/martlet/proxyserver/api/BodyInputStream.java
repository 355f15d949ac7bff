package org.martlet.proxyserver.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;

/// Reads a body by blocking; closing it gives the body up.
///
/// - Threads: one at a time.
final class BodyInputStream extends InputStream {
  private final Body body;
  private @Nullable Chunk chunk;
  private ByteBuffer rest = ByteBuffer.allocate(0);
  private boolean ended;

  BodyInputStream(Body body) {
    this.body = body;
  }

  @Override
  public int read() throws IOException {
    return fill() ? rest.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int n = Math.min(length, rest.remaining());
    rest.get(into, offset, n);
    return n;
  }

  /// Whether there is a byte to read.
  private boolean fill() throws IOException {
    while (!rest.hasRemaining()) {
      release();
      if (ended) {
        return false;
      }
      Chunk next = pull();
      ended = next.size() == 0;
      chunk = next;
      rest = next.bytes();
    }
    return true;
  }

  private Chunk pull() throws IOException {
    try {
      return body.next().get();
    } catch (ExecutionException e) {
      ended = true;
      throw new IOException("the body broke off", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private void release() {
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
  }

  @Override
  public void close() {
    rest = ByteBuffer.allocate(0);
    release();
    if (!ended) {
      ended = true;
      body.close();
    }
  }
}
