package org.martlet.objectserver.server;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Refused;
import org.martlet.common.replication.FrameHead;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.store.OpenObject;
import org.martlet.objectserver.store.StoreFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The frames of many records, each read and verified as a whole before a byte of it is sent, when
/// the one before has been taken. So one frame is in memory at a time, and what is damaged is left
/// out.
///
/// Ends early when enough was sent, or when something is amiss with memory or device: who asked
/// sees by the last frame where to go on. An answer without any frame says that nothing of it is
/// here.
///
/// - Threads: reads run on the device's threads, one at a time.
final class FetchedFrames {
  /// Longer bodies are left out.
  static final int MAX_BODY = 1 << 20;

  private static final long MAX_BYTES = 8L << 20;
  private static final Logger LOG = LoggerFactory.getLogger(FetchedFrames.class);

  private final Device device;
  private final ArrayDeque<ObjectKey> left;
  private final ReadBuffers buffers;
  private @Nullable Chunk first;
  private boolean closed;
  private long sent;

  private FetchedFrames(Device device, List<ObjectKey> keys, ReadBuffers buffers) {
    this.device = device;
    this.left = new ArrayDeque<>(keys);
    this.buffers = buffers;
  }

  /// Reads the first frame; called on one of the device's threads.
  ///
  /// @throws Refused 503 if there is no memory for it
  /// @throws StoreFault if the device cannot answer
  static Body begin(Device device, List<ObjectKey> keys, ReadBuffers buffers) throws StoreFault {
    FetchedFrames frames = new FetchedFrames(device, keys, buffers);
    frames.first = frames.read();
    return Bodies.pulling(-1, frames::next, frames::close);
  }

  private synchronized CompletableFuture<Chunk> next() {
    Chunk ready = first;
    if (ready != null) {
      first = null;
      return CompletableFuture.completedFuture(ready);
    }
    return closed ? ended() : device.lane().resume(this::readOrEnd).thenCompose(this::handOver);
  }

  /// What was read for a reader who has gone meanwhile is given back.
  private synchronized CompletableFuture<Chunk> handOver(Chunk chunk) {
    if (closed) {
      chunk.release();
      return ended();
    }
    return CompletableFuture.completedFuture(chunk);
  }

  private static CompletableFuture<Chunk> ended() {
    return CompletableFuture.failedFuture(
        new HttpFault(HttpFault.Kind.ABORTED, "the body was closed"));
  }

  private synchronized void close() {
    closed = true;
    Chunk unsent = first;
    first = null;
    if (unsent != null) {
      unsent.release();
    }
  }

  private Chunk readOrEnd() {
    try {
      return read();
    } catch (Refused | StoreFault e) {
      LOG.debug("{}: {} records are not sent now", device.name(), left.size(), e);
      return Chunk.END;
    }
  }

  /// The next frame of what is left; [Chunk#END] for none.
  private Chunk read() throws StoreFault {
    for (ObjectKey key = left.peek(); key != null && sent < MAX_BYTES; key = left.peek()) {
      Chunk frame = frame(key);
      left.poll();
      if (frame != null) {
        sent += frame.size();
        return frame;
      }
    }
    return Chunk.END;
  }

  /// @return null if the object is not here, or is damaged
  private @Nullable Chunk frame(ObjectKey key) throws StoreFault {
    try {
      Optional<OpenObject> found = device.store().open(key);
      if (found.isEmpty()) {
        return null;
      }
      try (OpenObject object = found.get()) {
        return frame(object);
      }
    } catch (StoreFault.Damaged e) {
      LOG.debug("{} is damaged and not sent", key, e);
      return null;
    }
  }

  private Chunk frame(OpenObject object) throws StoreFault {
    boolean whole = object.size() <= MAX_BODY;
    byte[] head =
        RecordReads.head(device.store(), object, whole ? object.size() : FrameHead.OMITTED);
    int body = whole ? (int) object.size() : 0;
    ReadBuffers.Buffer buffer = buffers.tryAllocate(head.length + body);
    if (buffer == null) {
      throw new Refused(503, "Too many bodies are under way");
    }
    boolean filled = false;
    try {
      ByteBuffer bytes = buffer.bytes().put(head);
      for (long at = 0; at < body; ) {
        int more = object.read(at, bytes);
        if (more <= 0) {
          throw new IllegalStateException("a stored body is shorter than its record says");
        }
        at += more;
      }
      Chunk chunk = buffer.toChunk();
      filled = true;
      return chunk;
    } finally {
      if (!filled) {
        buffer.release();
      }
    }
  }
}
