package org.martlet.common.http;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A body that arrives on a connection.
///
/// - Back-pressure: nothing is read for it before the first pull, save what came with the head;
///   afterwards at most one chunk and one read are ahead of the consumer.
/// - Threads: [#next], [#trailers] and [#close] from the consumer's; all else on the event loop.
///   What has already come is handed over without asking the loop.
final class IncomingBody implements Body {
  /// The connection that a body arrives on.
  interface Source {
    EventExecutor loop();

    /// The consumer waits for bytes: read on.
    void bodyWanted();

    /// The last byte and the trailers came.
    void bodyReceived();

    /// The consumer gave up before the end.
    void bodyAbandoned();

    /// What comes is no body; the connection is of no further use.
    void bodyFailed(HttpFault fault);
  }

  private final Source source;
  private final Input input;
  private final BodyDecoder decoder;
  private final long length;
  private final int chunkSize;

  /// One chunk that came before it was asked for.
  private final AtomicReference<@Nullable Chunk> ahead = new AtomicReference<>();

  /// True once all that is left to give is `ahead`.
  private volatile boolean complete;

  private boolean pulled;
  private @Nullable HttpFault fault;
  private @Nullable CompletableFuture<Chunk> waiting;

  IncomingBody(Source source, Input input, BodyDecoder decoder, int chunkSize) {
    this.source = source;
    this.input = input;
    this.decoder = decoder;
    this.length = decoder.remaining() > 0 ? decoder.remaining() : decoder.isDone() ? 0 : -1;
    this.chunkSize = chunkSize;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Headers trailers() {
    return complete && ahead.get() == null ? decoder.trailers() : new Headers();
  }

  @Override
  public CompletableFuture<Chunk> next() {
    // In this order: a chunk put ahead before the end was seen must not be missed.
    boolean last = complete;
    Chunk early = ahead.getAndSet(null);
    if (early != null) {
      if (!last) {
        onLoop(this::feed);
      }
      return CompletableFuture.completedFuture(early);
    }
    if (last) {
      return CompletableFuture.completedFuture(Chunk.END);
    }
    CompletableFuture<Chunk> next = new CompletableFuture<>();
    if (!onLoop(() -> pull(next))) {
      next.completeExceptionally(new HttpFault(HttpFault.Kind.ABORTED, "shutting down"));
    }
    return next;
  }

  @Override
  public void close() {
    boolean last = complete;
    dropAhead();
    if (!last) {
      HttpFault cause = new HttpFault(HttpFault.Kind.ABORTED, "the body was closed");
      onLoop(
          () -> {
            // The last piece may have come in between; then there is nothing else to end.
            dropAhead();
            end(cause, source::bodyAbandoned);
          });
    }
  }

  /// Takes what came with the head.
  void start() {
    try {
      ahead.set(decoder.take(input, chunkSize));
      noteEnd();
    } catch (BadMessage e) {
      fail(new HttpFault(HttpFault.Kind.PROTOCOL, e.reason()));
    }
  }

  /// Whether the connection should be read for this body.
  boolean wantsRead() {
    return pulled && !complete && fault == null && (waiting != null || ahead.get() == null);
  }

  /// Why nothing can be read any more; null while something can.
  @Nullable HttpFault fault() {
    return fault;
  }

  boolean isWaiting() {
    return waiting != null;
  }

  /// Hands on what has come, and what has not and never will.
  void feed() {
    if (complete || fault != null) {
      return;
    }
    CompletableFuture<Chunk> taker = waiting;
    Chunk given = null;
    try {
      if (taker != null) {
        given = nextChunk();
      }
      if (pulled && ahead.get() == null && (taker == null || given != null)) {
        ahead.set(decoder.take(input, chunkSize));
      }
      noteEnd();
    } catch (BadMessage e) {
      if (given != null) {
        given.release();
      }
      fail(new HttpFault(HttpFault.Kind.PROTOCOL, e.reason()));
      return;
    }
    if (taker != null && (given != null || complete)) {
      waiting = null;
      give(taker, given == null ? Chunk.END : given);
    } else if (!complete && hasRunDry()) {
      fail(new HttpFault(HttpFault.Kind.CLOSED, "the peer closed before the end of the body"));
    } else if (wantsRead()) {
      source.bodyWanted();
    }
  }

  /// Makes this and every later [#next] fail; frees what was not taken; tells the source.
  void fail(HttpFault cause) {
    end(cause, () -> source.bodyFailed(cause));
  }

  /// The same without telling the source, which knows.
  void cut(HttpFault cause) {
    end(cause, () -> {});
  }

  private boolean hasRunDry() {
    return input.hasEnded() && input.readable() == 0 && ahead.get() == null;
  }

  private @Nullable Chunk nextChunk() throws BadMessage {
    Chunk early = ahead.getAndSet(null);
    return early == null ? decoder.take(input, chunkSize) : early;
  }

  private void noteEnd() throws BadMessage {
    if (!complete && decoder.reachedEnd(input)) {
      complete = true;
      source.bodyReceived();
    }
  }

  private void pull(CompletableFuture<Chunk> next) {
    if (fault != null) {
      next.completeExceptionally(fault);
      return;
    }
    pulled = true;
    Chunk early = ahead.getAndSet(null);
    if (early != null || complete) {
      give(next, early == null ? Chunk.END : early);
      feed();
      return;
    }
    waiting = next;
    source.bodyWanted();
    feed();
  }

  private static void give(CompletableFuture<Chunk> taker, Chunk chunk) {
    if (!taker.complete(chunk)) {
      chunk.release();
    }
  }

  private void dropAhead() {
    Chunk early = ahead.getAndSet(null);
    if (early != null) {
      early.release();
    }
  }

  private void end(HttpFault cause, Runnable tell) {
    if (complete || fault != null) {
      return;
    }
    fault = cause;
    dropAhead();
    CompletableFuture<Chunk> taker = waiting;
    waiting = null;
    tell.run();
    if (taker != null) {
      taker.completeExceptionally(cause);
    }
  }

  private boolean onLoop(Runnable task) {
    EventExecutor loop = source.loop();
    if (loop.inEventLoop()) {
      task.run();
      return true;
    }
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }
}
