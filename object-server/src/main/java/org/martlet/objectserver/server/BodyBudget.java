package org.martlet.objectserver.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.ByteSize;

/// The memory that bodies on their way into volumes may take, one for all devices of a JVM.
///
/// Who finds too little left waits in turn, for a bounded time, then is refused with 503.
///
/// Threads: any.
public final class BodyBudget {
  private record Waiter(long bytes, CompletableFuture<@Nullable Void> granted) {}

  private final long capacity;
  private final int maxWaiters;
  private final Duration maxWait;
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
  private long left;

  /// @param maxWaiters how many may wait for memory
  /// @param maxWait how long each may
  public BodyBudget(ByteSize capacity, int maxWaiters, Duration maxWait) {
    this.capacity = capacity.bytes();
    this.left = this.capacity;
    this.maxWaiters = maxWaiters;
    this.maxWait = maxWait;
  }

  /// Takes that many bytes, to be given back with [#release] by who got them; the future fails
  /// with [Refused] (503) if they cannot be had in time.
  CompletableFuture<@Nullable Void> take(long bytes) {
    if (bytes > capacity) {
      return CompletableFuture.failedFuture(exhausted());
    }
    Waiter waiter;
    synchronized (waiters) {
      if (waiters.isEmpty() && bytes <= left) {
        left -= bytes;
        return CompletableFuture.completedFuture(null);
      }
      if (waiters.size() >= maxWaiters) {
        return CompletableFuture.failedFuture(exhausted());
      }
      waiter = new Waiter(bytes, new CompletableFuture<>());
      waiters.add(waiter);
    }
    CompletableFuture.delayedExecutor(maxWait.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> giveUp(waiter));
    return waiter.granted;
  }

  private void giveUp(Waiter waiter) {
    boolean waiting;
    synchronized (waiters) {
      waiting = waiters.remove(waiter);
    }
    if (waiting) {
      waiter.granted.completeExceptionally(exhausted());
      release(0);
    }
  }

  void release(long bytes) {
    synchronized (waiters) {
      left += bytes;
    }
    for (Waiter next = grant(); next != null; next = grant()) {
      next.granted.complete(null);
    }
  }

  private @Nullable Waiter grant() {
    synchronized (waiters) {
      Waiter first = waiters.peek();
      if (first == null || first.bytes > left) {
        return null;
      }
      left -= first.bytes;
      return waiters.poll();
    }
  }

  /// Bytes that are not taken now.
  public long left() {
    synchronized (waiters) {
      return left;
    }
  }

  private static Refused exhausted() {
    return new Refused(503, "Too many bodies are under way");
  }
}
