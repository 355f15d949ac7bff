package org.martlet.common.kv;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Keeps native memory alive while calls are inside, and lets nobody in once it is closed.
///
/// `state` is the number of calls inside, plus [#CLOSED] once closed: so it is negative from then
/// on, and exactly [#CLOSED] when the last call has left. Whoever enters a gate is inside its
/// parent, too.
final class UseGate {
  private static final long CLOSED = Long.MIN_VALUE;

  private final String name;
  private final @Nullable UseGate parent;
  private final AtomicLong state = new AtomicLong();
  private final CountDownLatch drained = new CountDownLatch(1);

  UseGate(String name, @Nullable UseGate parent) {
    this.name = name;
    this.parent = parent;
  }

  /// To be followed by [#exit] whatever happens.
  ///
  /// @throws IllegalStateException if it is closed, or on a virtual thread: native calls pin its
  ///     carrier
  void enter() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a database call on a virtual thread: " + name);
    }
    if (!tryEnter()) {
      throw new IllegalStateException("it is closed: " + name);
    }
  }

  /// Enters unless it, or its parent, is closed.
  boolean tryEnter() {
    if (parent != null && !parent.tryEnter()) {
      return false;
    }
    if (state.incrementAndGet() > 0) {
      return true;
    }
    exit();
    return false;
  }

  void exit() {
    if (state.decrementAndGet() == CLOSED) {
      drained.countDown();
    }
    if (parent != null) {
      parent.exit();
    }
  }

  /// Closes it and waits until everybody has left; an interrupt is kept for later.
  ///
  /// @return whether this call closed it
  boolean close() {
    long inside = state.getAndUpdate(s -> s < 0 ? s : s + CLOSED);
    if (inside > 0) {
      awaitDrained();
    }
    return inside >= 0;
  }

  private void awaitDrained() {
    boolean interrupted = false;
    while (true) {
      try {
        drained.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
