package org.martlet.containerserver.listing;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyValueFault;

/// A change that waits for its commit.
///
/// Threads: made by anybody, then confined to the committer; the future is anybody's.
final class PendingChange<T> {
  private final ListingChange<T> change;
  private final long queuedNanos;
  private final CompletableFuture<T> future = new CompletableFuture<>();
  private @Nullable Result<T> result;

  private record Result<T>(T value) {}

  PendingChange(ListingChange<T> change, long queuedNanos) {
    this.change = change;
    this.queuedNanos = queuedNanos;
  }

  int cost() {
    return change.cost();
  }

  boolean alone() {
    return change.alone();
  }

  long queuedNanos() {
    return queuedNanos;
  }

  CompletableFuture<T> future() {
    return future;
  }

  void prefetch(ListingTransaction transaction) throws KeyValueFault {
    change.prefetch(transaction);
  }

  void apply(ListingTransaction transaction) throws KeyValueFault {
    result = new Result<>(change.apply(transaction));
  }

  /// Tells that the change is durable.
  void complete() {
    Result<T> done = result;
    if (done == null) {
      throw new IllegalStateException("a change completes before it was applied");
    }
    future.complete(done.value());
  }

  void fail(Throwable fault) {
    future.completeExceptionally(fault);
  }
}
