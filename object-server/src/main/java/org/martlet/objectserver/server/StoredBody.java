package org.martlet.objectserver.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Refused;
import org.martlet.common.runtime.DeviceLane;
import org.martlet.objectserver.store.OpenObject;
import org.martlet.objectserver.store.StoreFault;

/// The body of an answer, read from a device as it is pulled, one chunk ahead.
///
/// A block that fails its check fails the body: the connection is cut before a byte of it is sent,
/// and the reader goes on with another replica.
///
/// While the pool has no buffer left, a body waits without holding a thread: others that are being
/// sent give theirs back, or time out.
///
/// - Threads: reads run on the device's threads, one at a time; [#next] and [#close] on any, one
///   at a time. Who has read the last byte has closed the object already.
final class StoredBody implements Body {
  private static final int ALIGNMENT = 64 * 1024;
  private static final long RETRY_MILLIS = 20;

  private final OpenObject object;
  private final BodyLayout layout;
  private final DeviceLane lane;
  private final ReadBuffers buffers;
  private final int chunkBytes;

  // Where the next read begins; touched by one read at a time.
  private int part;
  private long offset;

  private boolean closed;
  private CompletableFuture<Chunk> ahead;

  /// Reads the first chunk; called on one of the device's threads. Takes over the object.
  ///
  /// @param chunkBytes the most that is read at once; a multiple of 64 KiB
  /// @throws StoreFault if it cannot be read; the object is then closed
  /// @throws Refused 503 if there is no buffer to read into
  StoredBody(
      OpenObject object, BodyLayout layout, DeviceLane lane, ReadBuffers buffers, int chunkBytes)
      throws StoreFault {
    this.object = object;
    this.layout = layout;
    this.lane = lane;
    this.buffers = buffers;
    this.chunkBytes = chunkBytes;
    this.ahead = CompletableFuture.completedFuture(readFirst());
  }

  private Chunk readFirst() throws StoreFault {
    Chunk first = read();
    if (first == null) {
      object.close();
      throw new Refused(503, "Too many bodies are under way");
    }
    return first;
  }

  @Override
  public long length() {
    return layout.length();
  }

  @Override
  public Headers trailers() {
    return new Headers();
  }

  @Override
  public synchronized CompletableFuture<Chunk> next() {
    if (closed) {
      return CompletableFuture.failedFuture(
          new HttpFault(HttpFault.Kind.ABORTED, "the body was closed"));
    }
    CompletableFuture<Chunk> next = ahead;
    if (next.isDone()) {
      return next.isCompletedExceptionally() ? next : handOver(next.join());
    }
    return next.thenCompose(this::handOver);
  }

  /// Gives the chunk away and starts to read the next.
  private synchronized CompletableFuture<Chunk> handOver(Chunk chunk) {
    if (closed) {
      // close() has given the chunk back.
      return CompletableFuture.failedFuture(
          new HttpFault(HttpFault.Kind.ABORTED, "the body was closed"));
    }
    ahead =
        chunk.size() == 0 || isAtEnd()
            ? CompletableFuture.completedFuture(Chunk.END)
            : lane.resume(this::read).thenCompose(this::orLater);
    return CompletableFuture.completedFuture(chunk);
  }

  /// Reads again a little later, as often as it takes, where there was no buffer.
  private CompletableFuture<Chunk> orLater(@Nullable Chunk chunk) {
    if (chunk != null) {
      return CompletableFuture.completedFuture(chunk);
    }
    Executor later = CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(() -> {}, later)
        .thenCompose(waited -> lane.resume(this::readUnlessClosed))
        .thenCompose(this::orLater);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private @Nullable Chunk readUnlessClosed() throws StoreFault {
    return isClosed() ? Chunk.END : read();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // only the end of the read matters
  public void close() {
    CompletableFuture<Chunk> unsent;
    synchronized (this) {
      if (closed) {
        return;
      }
      unsent = ahead;
      // Before others see that it is closed: a read that does gives END, too, and closes nothing.
      boolean atEnd =
          unsent.isDone() && !unsent.isCompletedExceptionally() && unsent.join().size() == 0;
      closed = true;
      if (atEnd) {
        return;
      }
    }
    unsent.whenComplete(
        (chunk, failure) -> {
          if (chunk != null) {
            chunk.release();
          }
          lane.execute(object::close);
        });
  }

  private boolean isAtEnd() {
    return part == layout.parts().size();
  }

  /// The next chunk, null if there is no buffer for it now.
  private @Nullable Chunk read() throws StoreFault {
    boolean read = false;
    try {
      @Nullable Chunk chunk = readPart();
      read = true;
      return chunk;
    } finally {
      if (!read || isAtEnd()) {
        object.close();
      }
    }
  }

  private @Nullable Chunk readPart() throws StoreFault {
    if (isAtEnd()) {
      return Chunk.END;
    }
    return switch (layout.parts().get(part)) {
      case BodyLayout.Text text -> {
        part++;
        yield Chunk.of(text.bytes());
      }
      case BodyLayout.Stored stored -> readStored(stored.range());
    };
  }

  private @Nullable Chunk readStored(ByteRange range) throws StoreFault {
    long from = range.start() + offset;
    int room = chunkBytes - (int) (from % ALIGNMENT);
    int wanted = (int) Math.min(room, range.end() - from);
    ReadBuffers.@Nullable Buffer buffer = buffers.tryAllocate(wanted);
    if (buffer == null) {
      return null;
    }
    try {
      int got = 0;
      while (got < wanted) {
        int more = object.read(from + got, buffer.bytes());
        if (more <= 0) {
          throw new IllegalStateException("a stored body is shorter than its record says");
        }
        got += more;
      }
      Chunk chunk = buffer.toChunk();
      buffer = null;
      offset += got;
      if (from + got == range.end()) {
        part++;
        offset = 0;
      }
      return chunk;
    } finally {
      if (buffer != null) {
        buffer.release();
      }
    }
  }
}
