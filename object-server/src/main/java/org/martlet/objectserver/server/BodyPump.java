package org.martlet.objectserver.server;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.runtime.Failures;

/// Pulls a body to its end, one chunk after the other.
///
/// The next chunk is asked for when the sink's future for the one before has completed, so a slow
/// sink slows the sender. After the first failure nothing more is pulled. Whatever is thrown on the
/// way, in a callback, too, is such a failure: who waits for the end always hears of it.
@SuppressWarnings("FutureReturnValueIgnored") // failures are passed on to `done`
final class BodyPump {
  /// Takes over a chunk, releases it, and says when it can take the next.
  @FunctionalInterface
  interface Sink {
    CompletableFuture<@Nullable Void> accept(Chunk chunk);
  }

  private final Body body;
  private final Sink sink;
  private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

  private BodyPump(Body body, Sink sink) {
    this.body = body;
    this.sink = sink;
  }

  /// Completes after the last chunk was accepted; fails as the body or the sink does.
  static CompletableFuture<@Nullable Void> run(Body body, Sink sink) {
    BodyPump pump = new BodyPump(body, sink);
    pump.pull();
    return pump.done;
  }

  private void pull() {
    try {
      pullOn();
    } catch (Throwable e) {
      done.completeExceptionally(Failures.cause(e));
    }
  }

  /// Loops while futures are complete already, so that long bodies cost no stack.
  private void pullOn() {
    while (!done.isDone()) {
      CompletableFuture<Chunk> next = body.next();
      if (!next.isDone()) {
        next.whenComplete(this::received);
        return;
      }
      CompletableFuture<@Nullable Void> accepted = next.handle(this::accept).join();
      if (!accepted.isDone()) {
        accepted.whenComplete(this::accepted);
        return;
      }
      failIfFailed(accepted);
    }
  }

  private CompletableFuture<@Nullable Void> accept(
      @Nullable Chunk chunk, @Nullable Throwable failure) {
    if (chunk == null) {
      return CompletableFuture.failedFuture(
          failure == null ? new IllegalStateException("a body gave no chunk") : failure);
    }
    if (chunk.size() == 0) {
      done.complete(null);
      return CompletableFuture.completedFuture(null);
    }
    return sink.accept(chunk);
  }

  private void received(@Nullable Chunk chunk, @Nullable Throwable failure) {
    try {
      accept(chunk, failure).whenComplete(this::accepted);
    } catch (Throwable e) {
      done.completeExceptionally(e);
    }
  }

  private void accepted(@Nullable Void nothing, @Nullable Throwable failure) {
    if (failure == null) {
      pull();
    } else {
      done.completeExceptionally(failure);
    }
  }

  private void failIfFailed(CompletableFuture<@Nullable Void> accepted) {
    if (accepted.isCompletedExceptionally()) {
      done.completeExceptionally(accepted.exceptionNow());
    }
  }
}
