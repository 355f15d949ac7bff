package org.martlet.proxyserver.object;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;

/// A client's body in pieces of 64 KiB that counts what was pulled, and may break off.
final class SlowBody implements Body {
  private static final int PIECE = 64 << 10;

  private final byte[] bytes;
  private final long announced;
  private final HttpFault.Kind end;
  private final AtomicLong pulled = new AtomicLong();
  private volatile BooleanSupplier watched = () -> false;
  private volatile long pulledWhileWatched;

  /// @param announced the length in the header, -1 for chunked
  /// @param end how it breaks off after its bytes, null for a proper end
  SlowBody(byte[] bytes, long announced, HttpFault.Kind end) {
    this.bytes = bytes;
    this.announced = announced;
    this.end = end;
  }

  /// Notes how far the body is pulled as long as the condition holds.
  void watch(BooleanSupplier condition) {
    watched = condition;
  }

  long pulledWhileWatched() {
    return pulledWhileWatched;
  }

  @Override
  public long length() {
    return announced;
  }

  @Override
  public CompletableFuture<Chunk> next() {
    int from = (int) pulled.get();
    int size = Math.min(PIECE, bytes.length - from);
    if (size == 0 && end != null) {
      return CompletableFuture.failedFuture(new HttpFault(end, "the client is gone"));
    }
    pulled.addAndGet(size);
    if (watched.getAsBoolean()) {
      pulledWhileWatched = pulled.get();
    }
    return CompletableFuture.completedFuture(Chunk.of(bytes, from, size));
  }

  @Override
  public Headers trailers() {
    return new Headers();
  }

  @Override
  public void close() {}
}
