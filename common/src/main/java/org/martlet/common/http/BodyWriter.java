package org.martlet.common.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pulls a body and writes it to a connection.
///
/// - Back-pressure: the next chunk is pulled only while the channel is writable.
/// - Ends once: with `sent`, with `failed`, or by [#stop]; the body is closed unless it was read to
///   its end.
/// - Threads: the connection's event loop.
@SuppressWarnings("FutureReturnValueIgnored") // the channel tells of failed writes by itself
final class BodyWriter {
  /// The connection that is written to.
  interface Owner {
    /// The last byte was handed to the channel, not yet flushed.
    void bodySent();

    /// The body could not be had whole; what was begun cannot be finished.
    void bodyFailed(Throwable cause);

    /// The channel takes no more (true), or does again.
    void bodyStalled(boolean stalled);

    /// A write failed: the connection is broken.
    void writeFailed(Throwable cause);
  }

  /// Chunks up to this many bytes are copied behind the head or their size line.
  static final int SMALL = 2048;

  /// Chunks written in a row before other connections get their turn.
  private static final int TURN = 16;

  private static final Logger LOG = LoggerFactory.getLogger(BodyWriter.class);

  private final ChannelHandlerContext ctx;
  private final Body body;
  private final long framing;
  private final Owner owner;
  private final ChannelFutureListener onWritten;
  private @Nullable ByteBuf head;
  private long left;
  private long sent;
  private boolean afterChunk;
  private boolean running;
  private boolean pulling;
  private boolean stalled;
  private boolean unbegun = true;
  private boolean done;

  /// @param head what goes before the body, in the same write; null if it is sent already
  /// @param framing bytes that are announced, or a constant of [Framing]
  BodyWriter(
      ChannelHandlerContext ctx, @Nullable ByteBuf head, Body body, long framing, Owner owner) {
    this.ctx = ctx;
    this.head = head;
    this.body = body;
    this.framing = framing;
    this.left = framing;
    this.owner = owner;
    this.onWritten =
        written -> {
          if (!written.isSuccess()) {
            owner.writeFailed(written.cause());
          }
        };
  }

  /// Whether nothing was written yet, not even the head, so that something else can be.
  boolean isUnbegun() {
    return unbegun;
  }

  /// Bytes of the body that were handed to the channel.
  long sentBytes() {
    return sent;
  }

  /// Goes on as far as body and channel allow.
  void run() {
    if (running || pulling || done) {
      return;
    }
    running = true;
    try {
      for (int turn = 0; !done && !pulling; turn++) {
        if (!mayWrite()) {
          return;
        }
        if (turn == TURN) {
          ctx.flush();
          ctx.executor().execute(this::run);
          return;
        }
        pull();
      }
    } catch (RuntimeException e) {
      fail(e);
    } finally {
      running = false;
    }
  }

  /// Ends without a word to the owner.
  void stop() {
    if (end()) {
      body.close();
    }
  }

  private void pull() {
    if (framing == 0) {
      body.close();
      sent();
      return;
    }
    CompletableFuture<Chunk> next = body.next();
    if (next.isDone()) {
      took(next);
      return;
    }
    flushHead();
    ctx.flush();
    pulling = true;
    next.whenComplete((chunk, fault) -> onLoop(next));
  }

  private boolean mayWrite() {
    if (!ctx.channel().isWritable()) {
      ctx.flush();
    }
    boolean stalls = !ctx.channel().isWritable();
    if (done) {
      return false;
    }
    if (stalls != stalled) {
      stalled = stalls;
      owner.bodyStalled(stalls);
    }
    return !stalls;
  }

  private void onLoop(CompletableFuture<Chunk> next) {
    if (ctx.executor().inEventLoop() && !running) {
      resumed(next);
      return;
    }
    try {
      ctx.executor().execute(() -> resumed(next));
    } catch (RejectedExecutionException e) {
      // The loops were shut down and with them the channel: nobody else frees this.
      release(next);
      body.close();
    }
  }

  private void resumed(CompletableFuture<Chunk> next) {
    pulling = false;
    if (done) {
      release(next);
      return;
    }
    running = true;
    try {
      took(next);
    } finally {
      running = false;
    }
    run();
  }

  private static void release(CompletableFuture<Chunk> pulled) {
    if (pulled.state() == Future.State.SUCCESS) {
      pulled.resultNow().release();
    }
  }

  private void took(CompletableFuture<Chunk> next) {
    Chunk chunk;
    try {
      chunk = next.join();
    } catch (RuntimeException e) {
      fail(e instanceof CompletionException && e.getCause() != null ? e.getCause() : e);
      return;
    }
    if (done) {
      chunk.release();
    } else if (chunk.size() == 0) {
      ended();
    } else if (framing == Framing.CHUNKED) {
      writeChunk(chunk);
    } else if (framing == Framing.UNTIL_CLOSE) {
      write(chunk, chunk.size());
    } else {
      writeCounted(chunk);
    }
  }

  private void ended() {
    if (framing > 0 && left > 0) {
      fail(new IllegalStateException("a body ended " + left + " bytes before its length"));
      return;
    }
    if (framing == Framing.CHUNKED) {
      writeEnd(body.trailers());
    }
    sent();
  }

  private void writeCounted(Chunk chunk) {
    if (chunk.size() > left) {
      LOG.error("a body is longer than its length of {} bytes: the rest is cut off", framing);
      byte[] last = new byte[(int) left];
      chunk.bytes().get(last);
      chunk.release();
      write(Chunk.of(last), last.length);
      body.close();
      sent();
      return;
    }
    left -= chunk.size();
    write(chunk, chunk.size());
  }

  private void sent() {
    flushHead();
    if (end()) {
      owner.bodySent();
    }
  }

  private void writeChunk(Chunk chunk) {
    HeadBuilder line = new HeadBuilder();
    line.text(afterChunk ? "\r\n" : "").text(Integer.toHexString(chunk.size())).text("\r\n");
    afterChunk = true;
    append(line, chunk.size() <= SMALL ? chunk.size() : 0);
    write(chunk, chunk.size());
  }

  private void writeEnd(Headers trailers) {
    HeadBuilder end = new HeadBuilder();
    end.text(afterChunk ? "\r\n0\r\n" : "0\r\n").fields(trailers).text("\r\n");
    append(end, 0);
  }

  private void append(HeadBuilder text, int room) {
    if (head == null) {
      head = text.build(ctx.alloc(), room);
    } else {
      text.appendTo(head);
    }
  }

  private void write(Chunk chunk, int size) {
    sent += size;
    if (size <= SMALL && head != null) {
      head.writeBytes(chunk.bytes());
      chunk.release();
      return;
    }
    flushHead();
    if (chunk instanceof NettyChunk netty) {
      write(netty.buffer());
      return;
    }
    if (chunk instanceof PooledChunk pooled) {
      unbegun = false;
      ctx.write(pooled.view())
          .addListener(
              written -> {
                pooled.release();
                if (!written.isSuccess()) {
                  owner.writeFailed(written.cause());
                }
              });
      return;
    }
    ByteBuf copy = ctx.alloc().directBuffer(size).writeBytes(chunk.bytes());
    chunk.release();
    write(copy);
  }

  private void flushHead() {
    ByteBuf buffer = head;
    if (buffer != null) {
      head = null;
      write(buffer);
    }
  }

  private void write(ByteBuf buffer) {
    unbegun = false;
    ctx.write(buffer).addListener(onWritten);
  }

  private void fail(Throwable cause) {
    if (end()) {
      body.close();
      owner.bodyFailed(cause);
    }
  }

  private boolean end() {
    if (done) {
      return false;
    }
    done = true;
    ByteBuf unsent = head;
    head = null;
    if (unsent != null) {
      unsent.release();
    }
    if (stalled) {
      stalled = false;
      owner.bodyStalled(false);
    }
    return true;
  }
}
