package org.martlet.common.http;

import java.util.concurrent.CompletableFuture;

/// A body that is wholly in memory.
final class SingleChunkBody implements Body {
  private final int length;
  private Chunk rest;

  SingleChunkBody(Chunk chunk) {
    this.length = chunk.size();
    this.rest = chunk;
  }

  /// The whole content, still owned by this body; only before it was read.
  Chunk content() {
    return rest;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public CompletableFuture<Chunk> next() {
    Chunk chunk = rest;
    rest = Chunk.END;
    return CompletableFuture.completedFuture(chunk);
  }

  @Override
  public Headers trailers() {
    return new Headers();
  }

  @Override
  public void close() {
    rest.release();
    rest = Chunk.END;
  }
}
