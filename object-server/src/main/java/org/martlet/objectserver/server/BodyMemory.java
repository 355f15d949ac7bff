package org.martlet.objectserver.server;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;

/// What one reception of a body holds in memory: what is gathered of it, under the budget.
///
/// - Invariant: what was taken from the budget is given back once, when the memory is free.
/// - Threads: one at a time.
final class BodyMemory {
  private final BodyBudget budget;
  private final Device device;
  private final GatheredBody gathered;
  private long reserved;

  /// @param expected the length of the body where it is known, else -1
  BodyMemory(BodyBudget budget, Device device, long expected, ReadBuffers buffers) {
    this.budget = budget;
    this.device = device;
    this.gathered = new GatheredBody(expected, buffers);
  }

  /// Takes that many bytes from the budget, once.
  CompletableFuture<@Nullable Void> reserve(long bytes) {
    return budget
        .take(device, bytes)
        .thenApply(
            taken -> {
              reserved = bytes;
              return null;
            });
  }

  /// What may be gathered.
  long reserved() {
    return reserved;
  }

  GatheredBody gathered() {
    return gathered;
  }

  /// Frees all; idempotent.
  void free() {
    long bytes = reserved;
    reserved = 0;
    try {
      gathered.release();
    } finally {
      budget.release(device, bytes);
    }
  }

  /// Ends a reception: frees this and gives up the file, unless its body was submitted.
  ///
  /// @param blob where the body went, if not here
  /// @param failure why it was not received; the rest is not wanted then
  void end(Body body, @Nullable BlobSink blob, @Nullable Throwable failure) {
    try {
      if (failure != null) {
        body.close();
      }
      if (blob != null) {
        blob.close();
      }
    } finally {
      free();
    }
  }
}
