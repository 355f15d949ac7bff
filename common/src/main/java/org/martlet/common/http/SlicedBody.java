package org.martlet.common.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/// Pieces of an array that is shared with others; see [Bodies#sliced].
final class SlicedBody implements Body {
  static final int PIECE = 65_536;

  private final byte[] content;
  private final Runnable ended;
  private final AtomicBoolean over = new AtomicBoolean();
  private int given;

  SlicedBody(byte[] content, Runnable ended) {
    this.content = content;
    this.ended = ended;
  }

  @Override
  public long length() {
    return content.length;
  }

  @Override
  public CompletableFuture<Chunk> next() {
    int size = over.get() ? 0 : Math.min(PIECE, content.length - given);
    Chunk piece = Chunk.of(content, given, size);
    given += size;
    if (size == 0) {
      close();
    }
    return CompletableFuture.completedFuture(piece);
  }

  @Override
  public Headers trailers() {
    return new Headers();
  }

  @Override
  public void close() {
    if (over.compareAndSet(false, true)) {
      ended.run();
    }
  }
}
