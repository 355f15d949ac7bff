package org.martlet.common.http;

import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Reads a body by waiting for it.
///
/// - Threads: one at a time; blocks, so never on an event loop.
public final class BlockingBody implements AutoCloseable {
  private final Body body;

  public BlockingBody(Body body) {
    this.body = body;
  }

  /// The next piece, owned by the caller; [Chunk#END] after the last.
  @SuppressWarnings("FutureReturnValueIgnored") // it was waited for already
  public Chunk read() throws HttpFault {
    CompletableFuture<Chunk> next = body.next();
    try {
      return BlockingHandlers.await(next);
    } catch (HttpFault e) {
      // Who was interrupted has not taken what may still come.
      next.thenAccept(Chunk::release);
      body.close();
      throw e;
    }
  }

  /// The whole rest.
  ///
  /// - Errors: [HttpFault.Kind#TOO_LARGE] past the limit.
  public byte[] readAll(int limit) throws HttpFault {
    return BlockingHandlers.await(Bodies.readAll(body, limit));
  }

  /// What followed the last chunk.
  public Headers trailers() {
    return body.trailers();
  }

  /// The rest as a stream; closing it closes the body.
  public InputStream stream() {
    return new ChunkStream();
  }

  @Override
  public void close() {
    body.close();
  }

  private final class ChunkStream extends InputStream {
    private @Nullable Chunk chunk;
    private int position;
    private boolean ended;

    @Override
    public int read() throws HttpFault {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws HttpFault {
      Objects.checkFromIndexSize(offset, length, into.length);
      if (length == 0) {
        return 0;
      }
      Chunk current = current();
      if (current == null) {
        return -1;
      }
      int count = Math.min(length, current.size() - position);
      current.bytes().position(position).get(into, offset, count);
      position += count;
      if (position == current.size()) {
        chunk = null;
        current.release();
      }
      return count;
    }

    @Override
    public void close() {
      Chunk unread = chunk;
      chunk = null;
      ended = true;
      if (unread != null) {
        unread.release();
      }
      body.close();
    }

    private @Nullable Chunk current() throws HttpFault {
      if (chunk == null && !ended) {
        Chunk next = BlockingBody.this.read();
        position = 0;
        ended = next.size() == 0;
        chunk = ended ? null : next;
      }
      return chunk;
    }
  }
}
