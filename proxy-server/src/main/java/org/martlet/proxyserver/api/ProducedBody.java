package org.martlet.proxyserver.api;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;

/// A body that is made piece by piece as it is pulled, each piece by a task that may block.
///
/// - Invariant: the source is used by one thread at a time and closed once. Who closes the body
///   while a piece is being made leaves it to that task to close the source.
/// - Threads: [#next] one at a time; [#close] from any.
final class ProducedBody implements Body {
  /// Makes the next piece.
  interface Source extends AutoCloseable {
    /// The next bytes; empty at the end.
    byte[] produce() throws IOException;

    /// Called once, and never while [#produce] runs.
    @Override
    void close();
  }

  private final Source source;
  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();
  private byte[] first;

  /// A task uses the source; guarded by the lock, as is the next.
  private boolean producing;

  /// Nothing more is wanted, or comes.
  private boolean closed;

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
    CompletableFuture<Chunk> next = new CompletableFuture<>();
    if (!begin()) {
      next.completeExceptionally(new HttpFault(HttpFault.Kind.ABORTED, "the body was closed"));
      return next;
    }
    try {
      executor.execute(() -> produce(next));
    } catch (RejectedExecutionException e) {
      end(false);
      next.completeExceptionally(new HttpFault(HttpFault.Kind.ABORTED, "shutting down", e));
    }
    return next;
  }

  private void produce(CompletableFuture<Chunk> next) {
    byte[] piece;
    try {
      piece = source.produce();
    } catch (IOException | RuntimeException e) {
      end(false);
      next.completeExceptionally(e);
      return;
    }
    end(piece.length > 0);
    next.complete(Chunk.of(piece));
  }

  /// False if the source is closed or about to be.
  private boolean begin() {
    lock.lock();
    try {
      producing = !closed;
      return producing;
    } finally {
      lock.unlock();
    }
  }

  /// @param more the source may have another piece
  private void end(boolean more) {
    boolean last;
    lock.lock();
    try {
      producing = false;
      closed = closed || !more;
      last = closed;
    } finally {
      lock.unlock();
    }
    if (last) {
      source.close();
    }
  }

  @Override
  public Headers trailers() {
    return new Headers();
  }

  @Override
  public void close() {
    boolean idle;
    lock.lock();
    try {
      idle = !closed && !producing;
      closed = true;
    } finally {
      lock.unlock();
    }
    if (idle) {
      source.close();
    }
  }
}
