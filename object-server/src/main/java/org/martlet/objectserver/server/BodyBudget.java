package org.martlet.objectserver.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Refused;
import org.martlet.common.model.ByteSize;
import org.martlet.common.runtime.Invariant;

/// The memory that bodies on their way into volumes may take, one for all devices of a JVM.
///
/// - A device holds at most twice what is left free (but always one body): one that hangs gets two
///   thirds of the whole, two get two fifths each, and there is always something left for those
///   that do not. A share that adapts wastes less than a fixed part for each device would.
/// - Who finds too little left waits in turn, for a bounded time, then is refused with 503. Those
///   who wait for their own device's share keep nobody else from going on.
/// - Threads: any.
public final class BodyBudget {
  private static final int SHARE_OF_FREE = 2;

  private record Waiter(
      Object device, long bytes, long turn, CompletableFuture<@Nullable Void> granted) {}

  /// What one device holds and who waits for it; there is one while either is not nothing.
  private static final class Line {
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private long held;
  }

  private final long capacity;
  private final int maxWaiters;
  private final Duration maxWait;
  private final Map<Object, Line> lines = new HashMap<>();
  private long left;
  private long turns;

  /// @param maxWaiters how many may wait for memory, for each device
  /// @param maxWait how long each may
  public BodyBudget(ByteSize capacity, int maxWaiters, Duration maxWait) {
    this.capacity = capacity.bytes();
    this.left = this.capacity;
    this.maxWaiters = maxWaiters;
    this.maxWait = maxWait;
  }

  /// Takes that many bytes, to be given back with [#release] by who got them; the future fails
  /// with [Refused] (503) if they cannot be had in time.
  ///
  /// @param device for which they are
  CompletableFuture<@Nullable Void> take(Object device, long bytes) {
    if (bytes > capacity) {
      return CompletableFuture.failedFuture(exhausted());
    }
    Waiter waiter;
    synchronized (lines) {
      Line line = lines.computeIfAbsent(device, first -> new Line());
      if (line.waiters.size() >= maxWaiters) {
        return CompletableFuture.failedFuture(exhausted());
      }
      waiter = new Waiter(device, bytes, turns++, new CompletableFuture<>());
      line.waiters.add(waiter);
    }
    grant();
    if (!waiter.granted.isDone()) {
      CompletableFuture.delayedExecutor(maxWait.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> giveUp(waiter));
    }
    return waiter.granted;
  }

  private void giveUp(Waiter waiter) {
    boolean waiting;
    synchronized (lines) {
      Line line = lines.get(waiter.device);
      waiting = line != null && line.waiters.remove(waiter);
      forgetIfIdle(waiter.device);
    }
    if (waiting) {
      waiter.granted.completeExceptionally(exhausted());
      grant();
    }
  }

  private void forgetIfIdle(Object device) {
    lines.computeIfPresent(
        device, (key, line) -> line.held == 0 && line.waiters.isEmpty() ? null : line);
  }

  void release(Object device, long bytes) {
    if (bytes == 0) {
      return;
    }
    synchronized (lines) {
      left += bytes;
      Line line = lines.get(device);
      long held = line == null ? 0 : line.held;
      Invariant.check(held >= bytes, "more memory for bodies is given back than was taken");
      if (line != null) {
        line.held -= bytes;
      }
      forgetIfIdle(device);
    }
    grant();
  }

  private void grant() {
    List<Waiter> granted = new ArrayList<>();
    synchronized (lines) {
      for (Waiter next = next(); next != null && next.bytes <= left; next = next()) {
        Line line = lines.get(next.device);
        if (line == null || !next.equals(line.waiters.poll())) {
          throw new IllegalStateException("who waits is not in the line of the device");
        }
        left -= next.bytes;
        line.held += next.bytes;
        granted.add(next);
      }
    }
    granted.forEach(waiter -> waiter.granted.complete(null));
  }

  /// Who has waited longest, apart from those whose device has its share.
  private @Nullable Waiter next() {
    Waiter next = null;
    for (Line line : lines.values()) {
      Waiter first = line.waiters.peek();
      if (first != null && isWithinShare(line, first.bytes)) {
        next = next == null || first.turn < next.turn ? first : next;
      }
    }
    return next;
  }

  private boolean isWithinShare(Line line, long bytes) {
    return line.held == 0 || line.held + bytes <= SHARE_OF_FREE * (left - bytes);
  }

  /// Bytes that are not taken now.
  public long left() {
    synchronized (lines) {
      return left;
    }
  }

  private static Refused exhausted() {
    return new Refused(503, "Too many bodies are under way");
  }
}
