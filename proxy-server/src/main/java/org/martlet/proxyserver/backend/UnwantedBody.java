package org.martlet.proxyserver.backend;

import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;

/// Gets rid of a body that nobody wants: a short one is read to its end, so that its connection can
/// be used again; a long one is closed.
final class UnwantedBody {
  private static final long SHORT = 64 << 10;

  private final Body body;
  private long read;

  private UnwantedBody(Body body) {
    this.body = body;
  }

  /// Never blocks.
  static void discard(Body body) {
    if (body.length() > SHORT) {
      body.close();
    } else {
      new UnwantedBody(body).pull();
    }
  }

  /// Loops while pieces are there, and continues on the thread that brings the next.
  private void pull() {
    while (true) {
      var next = body.next();
      if (!next.isDone()) {
        Listening.to(
            next,
            (chunk, problem) -> {
              if (take(chunk)) {
                pull();
              }
            });
        return;
      }
      if (next.isCompletedExceptionally() || !take(next.join())) {
        return;
      }
    }
  }

  private boolean take(@Nullable Chunk chunk) {
    if (chunk == null || chunk.size() == 0) {
      return false;
    }
    read += chunk.size();
    chunk.release();
    if (read > SHORT) {
      body.close();
      return false;
    }
    return true;
  }
}
