package org.martlet.proxyserver.filter;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;

/// Counts a body as it is sent and tells once how it ended.
final class LoggedBody implements Body {
  /// Hears of the end of a body.
  @FunctionalInterface
  interface End {
    /// @param whole whether it was sent to its end
    /// @param sent bytes
    void ended(boolean whole, long sent);
  }

  private final Body body;
  private final End end;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicBoolean ended = new AtomicBoolean();

  LoggedBody(Body body, End end) {
    this.body = body;
    this.end = end;
  }

  @Override
  public long length() {
    return body.length();
  }

  @Override
  public CompletableFuture<Chunk> next() {
    return body.next().whenComplete(this::count);
  }

  private void count(@Nullable Chunk chunk, @Nullable Throwable problem) {
    if (chunk == null) {
      end(false);
    } else if (chunk.size() == 0) {
      end(true);
    } else if (sent.addAndGet(chunk.size()) == length()) {
      end(true);
    }
  }

  private void end(boolean whole) {
    if (ended.compareAndSet(false, true)) {
      end.ended(whole, sent.get());
    }
  }

  @Override
  public Headers trailers() {
    return body.trailers();
  }

  @Override
  public void close() {
    body.close();
    end(false);
  }
}
