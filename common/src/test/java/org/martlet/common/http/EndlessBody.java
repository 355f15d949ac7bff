package org.martlet.common.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// A body that always has another 64 KiB and counts what was pulled.
final class EndlessBody implements Body {
  private final long length;
  private final AtomicLong pulled = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);

  EndlessBody(long length) {
    this.length = length;
  }

  long pulled() {
    return pulled.get();
  }

  CountDownLatch closed() {
    return closed;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public CompletableFuture<Chunk> next() {
    long left = length < 0 ? Long.MAX_VALUE : length - pulled.get();
    int size = (int) Math.min(65_536, left);
    pulled.addAndGet(size);
    return CompletableFuture.completedFuture(Chunk.of(new byte[size]));
  }

  @Override
  public Headers trailers() {
    return new Headers();
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
