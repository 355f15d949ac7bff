package org.martlet.proxyserver.backend;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Hangs the rest of some work on a future.
final class Listening {
  private Listening() {}

  /// Calls back once, with a value or a problem, on the thread that completes the future or at
  /// once. The callback handles its own failures: what it throws is lost.
  @CanIgnoreReturnValue
  static <T> CompletableFuture<T> to(
      CompletableFuture<T> future, BiConsumer<@Nullable T, @Nullable Throwable> callback) {
    return future.whenComplete(callback);
  }
}
