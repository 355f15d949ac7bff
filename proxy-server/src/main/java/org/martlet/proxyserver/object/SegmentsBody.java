package org.martlet.proxyserver.object;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;

/// Several bodies as one; each is opened when the one before has ended.
///
/// - Threads: one consumer; opening a body blocks, so it runs on a virtual thread of its own.
final class SegmentsBody implements Body {
  private final long length;
  private final Source source;
  private volatile Body current;
  private volatile boolean closed;

  /// Gives one body after the other.
  @FunctionalInterface
  interface Source {
    /// The next one, empty after the last; may block.
    Optional<Body> next() throws HttpFault, InterruptedException;
  }

  /// @param length of all together, -1 if unknown
  /// @param first already open
  SegmentsBody(long length, Body first, Source source) {
    this.length = length;
    this.current = first;
    this.source = source;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public CompletableFuture<Chunk> next() {
    CompletableFuture<Chunk> next = current.next();
    if (next.isDone() && !next.isCompletedExceptionally()) {
      Chunk chunk = next.join();
      return chunk.size() > 0 ? next : following();
    }
    return next.thenCompose(
        chunk -> chunk.size() > 0 ? CompletableFuture.completedFuture(chunk) : following());
  }

  private CompletableFuture<Chunk> following() {
    CompletableFuture<Chunk> result = new CompletableFuture<>();
    Thread.ofVirtual().name("next-segment").start(() -> open(result));
    return result;
  }

  private void open(CompletableFuture<Chunk> result) {
    try {
      Optional<Body> body = source.next();
      if (body.isEmpty()) {
        result.complete(Chunk.END);
        return;
      }
      current = body.get();
      if (closed) {
        current.close();
      }
      forward(next(), result);
    } catch (HttpFault | RuntimeException e) {
      result.completeExceptionally(e);
    } catch (InterruptedException e) {
      result.completeExceptionally(
          new HttpFault(HttpFault.Kind.ABORTED, "the next segment was not waited for", e));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the result carries both outcomes
  private static void forward(CompletableFuture<Chunk> from, CompletableFuture<Chunk> to) {
    from.whenComplete(
        (@Nullable Chunk chunk, @Nullable Throwable problem) -> {
          if (chunk != null) {
            to.complete(chunk);
          } else if (problem != null) {
            to.completeExceptionally(HttpFault.of(problem));
          }
        });
  }

  @Override
  public Headers trailers() {
    return new Headers();
  }

  @Override
  public void close() {
    closed = true;
    current.close();
  }
}
