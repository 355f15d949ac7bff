package org.martlet.proxyserver.backend;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;

/// The body that one replica takes: what the writer puts in, the transport pulls out.
///
/// - Bounds: the writer asks [#hasRoom] before it goes on; so there are never more than `limit`
///   bytes and one chunk in the queue.
/// - Threads: one writer, one reader, and whoever closes it. Futures are completed without a lock.
final class ReplicaBody implements Body {
  private final long limit;
  private final Runnable onRoom;
  private final Queue<Chunk> queue = new ArrayDeque<>();
  private long queued;
  private boolean ended;
  private boolean closed;
  private Headers trailers = new Headers();
  private @Nullable CompletableFuture<Chunk> reader;

  /// @param limit bytes
  /// @param onRoom called when the reader took something; must not block
  ReplicaBody(long limit, Runnable onRoom) {
    this.limit = limit;
    this.onRoom = onRoom;
  }

  @Override
  public long length() {
    return -1;
  }

  synchronized boolean hasRoom() {
    return closed || queued < limit;
  }

  /// Takes the ownership of a chunk; the chunk is released if nobody wants it any more.
  void put(Chunk chunk) {
    CompletableFuture<Chunk> waiting;
    synchronized (this) {
      waiting = reader;
      reader = null;
      if (waiting == null && !closed) {
        queue.add(chunk);
        queued += chunk.size();
        return;
      }
    }
    if (waiting == null || !waiting.complete(chunk)) {
      chunk.release();
    }
  }

  /// Ends the body.
  void end(Headers last) {
    CompletableFuture<Chunk> waiting;
    synchronized (this) {
      trailers = last;
      ended = true;
      waiting = reader;
      reader = null;
    }
    if (waiting != null) {
      waiting.complete(Chunk.END);
    }
  }

  @Override
  public CompletableFuture<Chunk> next() {
    Chunk chunk;
    synchronized (this) {
      if (closed) {
        return CompletableFuture.failedFuture(
            new HttpFault(HttpFault.Kind.ABORTED, "the upload was given up"));
      }
      chunk = queue.poll();
      if (chunk == null) {
        if (ended) {
          return CompletableFuture.completedFuture(Chunk.END);
        }
        reader = new CompletableFuture<>();
        return reader;
      }
      queued -= chunk.size();
    }
    onRoom.run();
    return CompletableFuture.completedFuture(chunk);
  }

  @Override
  public synchronized Headers trailers() {
    return trailers;
  }

  @Override
  public void close() {
    CompletableFuture<Chunk> waiting;
    synchronized (this) {
      closed = true;
      queue.forEach(Chunk::release);
      queue.clear();
      queued = 0;
      waiting = reader;
      reader = null;
    }
    if (waiting != null) {
      waiting.completeExceptionally(
          new HttpFault(HttpFault.Kind.ABORTED, "the upload was given up"));
    }
    onRoom.run();
  }
}
