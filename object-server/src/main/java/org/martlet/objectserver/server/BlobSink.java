package org.martlet.objectserver.server;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Chunk;
import org.martlet.objectserver.store.BlobWriter;
import org.martlet.objectserver.store.StoreFault;

/// Writes a body to a file of its own as it comes.
///
/// One chunk is written on the device's threads while the next is pulled, never more.
///
/// - Threads: [#accept] and [#finish] by one at a time; writes on the device's threads.
final class BlobSink implements BodyPump.Sink {
  /// Looks at the bytes of a body as they go by.
  @FunctionalInterface
  interface Observer {
    void see(ByteBuffer bytes);
  }

  /// Stores the body that the writer has taken.
  @FunctionalInterface
  interface Finish<T> {
    CompletableFuture<T> finish(BlobWriter writer) throws StoreFault;
  }

  private final Device device;
  private final Observer observer;
  private @Nullable BlobWriter writer;
  private CompletableFuture<@Nullable Void> last = CompletableFuture.completedFuture(null);

  BlobSink(Device device, Observer observer) {
    this.device = device;
    this.observer = observer;
  }

  /// Opens the file and writes what was gathered so far; frees nothing.
  CompletableFuture<@Nullable Void> begin(List<ByteBuffer> gathered) {
    last =
        device
            .lane()
            .resume(
                () -> {
                  BlobWriter opened = device.store().newBlob();
                  writer = opened;
                  for (ByteBuffer bytes : gathered) {
                    observer.see(bytes.duplicate());
                    opened.write(bytes);
                  }
                  return null;
                });
    return last;
  }

  @Override
  public CompletableFuture<@Nullable Void> accept(Chunk chunk) {
    CompletableFuture<@Nullable Void> before = last;
    last = before.handle((done, failure) -> failure).thenCompose(f -> writeAfter(f, chunk));
    return before;
  }

  private CompletableFuture<@Nullable Void> writeAfter(@Nullable Throwable failure, Chunk chunk) {
    if (failure != null) {
      chunk.release();
      return CompletableFuture.failedFuture(failure);
    }
    return device.lane().resume(() -> write(chunk));
  }

  private @Nullable Void write(Chunk chunk) throws StoreFault {
    BlobWriter open = writer;
    if (open == null) {
      chunk.release();
      throw new IllegalStateException("a body came before its file was opened");
    }
    try {
      observer.see(chunk.bytes());
      open.write(chunk.bytes());
      return null;
    } finally {
      chunk.release();
    }
  }

  /// Runs the last step on the device's threads once all is written, and closes the file.
  <T> CompletableFuture<T> finish(Finish<T> step) {
    return last.thenCompose(written -> device.lane().resumeAsync(() -> step.finish(opened())));
  }

  private BlobWriter opened() {
    BlobWriter open = writer;
    if (open == null) {
      throw new IllegalStateException("a body was finished before its file was opened");
    }
    return open;
  }

  /// Gives up the file, unless its body was submitted; waits for a write under way.
  @SuppressWarnings("FutureReturnValueIgnored") // only the end of the write matters
  void close() {
    last.whenComplete(
        (done, failure) ->
            device
                .lane()
                .execute(
                    () -> {
                      BlobWriter open = writer;
                      if (open != null) {
                        open.close();
                      }
                    }));
  }
}
