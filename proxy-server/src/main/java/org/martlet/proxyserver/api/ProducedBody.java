package org.martlet.proxyserver.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;

/// A body that is made piece by piece as it is pulled, each piece by a task that may block.
final class ProducedBody implements Body {
  /// Makes the next piece.
  interface Source extends AutoCloseable {
    /// The next bytes; empty at the end.
    byte[] produce() throws IOException;

    @Override
    void close();
  }

  private final Source source;
  private final Executor executor;
  private byte[] first;

  private ProducedBody(byte[] first, Source source, Executor executor) {
    this.first = first;
    this.source = source;
    this.executor = executor;
  }

  /// Makes the first piece at once; a body that is no longer than that has a known length.
  ///
  /// @param executor runs tasks that block
  static Body of(Source source, Executor executor) throws IOException {
    byte[] first;
    byte[] second;
    try {
      first = source.produce();
      second = first.length == 0 ? first : source.produce();
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
    if (second.length == 0) {
      source.close();
      return Body.of(first);
    }
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return new ProducedBody(both, source, executor);
  }

  @Override
  public long length() {
    return -1;
  }

  @Override
  public CompletableFuture<Chunk> next() {
    if (first.length > 0) {
      Chunk chunk = Chunk.of(first);
      first = new byte[0];
      return CompletableFuture.completedFuture(chunk);
    }
    return CompletableFuture.supplyAsync(this::produce, executor);
  }

  private Chunk produce() {
    try {
      Chunk chunk = Chunk.of(source.produce());
      if (chunk.size() == 0) {
        source.close();
      }
      return chunk;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Headers trailers() {
    return new Headers();
  }

  @Override
  public void close() {
    source.close();
  }
}
