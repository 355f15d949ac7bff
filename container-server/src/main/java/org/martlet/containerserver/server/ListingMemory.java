package org.martlet.containerserver.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;

/// Bounds the memory of listings that are on their way to clients who may be slow.
///
/// Threads: any; does not block.
final class ListingMemory {
  private static final int CHUNK = 64 * 1024;

  private final Semaphore budget;

  ListingMemory(int bytes) {
    this.budget = new Semaphore(bytes);
  }

  /// A body that gives its share back once it was taken to the end or closed.
  ///
  /// @throws Refused 503 if the budget is used up
  Body body(byte[] bytes) {
    if (!budget.tryAcquire(bytes.length)) {
      throw new Refused(503, "The server is busy: too many listings in memory");
    }
    return new Sending(bytes).body();
  }

  private final class Sending {
    private final byte[] bytes;
    private final AtomicBoolean released = new AtomicBoolean();
    private int sent;

    Sending(byte[] bytes) {
      this.bytes = bytes;
    }

    Body body() {
      return Bodies.pulling(bytes.length, this::next, this::release);
    }

    private CompletableFuture<Chunk> next() {
      int size = Math.min(CHUNK, bytes.length - sent);
      if (size == 0) {
        release();
        return CompletableFuture.completedFuture(Chunk.END);
      }
      Chunk chunk = Chunk.of(bytes, sent, size);
      sent += size;
      return CompletableFuture.completedFuture(chunk);
    }

    private void release() {
      if (released.compareAndSet(false, true)) {
        budget.release(bytes.length);
      }
    }
  }
}
