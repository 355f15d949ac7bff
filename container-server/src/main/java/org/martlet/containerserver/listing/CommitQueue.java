package org.martlet.containerserver.listing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Changes in the order of their arrival, bounded by their cost.
///
/// Threads: any may offer, one takes.
final class CommitQueue {
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Deque<PendingChange<?>> waiting = new ArrayDeque<>();
  private int cost;
  private boolean closed;

  /// What became of an offer.
  enum Offer {
    TAKEN,
    FULL,
    CLOSED
  }

  CommitQueue(int capacity) {
    this.capacity = capacity;
  }

  /// A change that costs more than the capacity is taken when nothing else waits.
  Offer offer(PendingChange<?> change) {
    lock.lock();
    try {
      if (closed) {
        return Offer.CLOSED;
      }
      if (cost > 0 && cost + change.cost() > capacity) {
        return Offer.FULL;
      }
      waiting.add(change);
      cost += change.cost();
      filled.signal();
      return Offer.TAKEN;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for at least one change and takes what is there, up to a cost; empty once the queue is
  /// closed and drained.
  List<PendingChange<?>> take(int maxCost) {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        filled.awaitUninterruptibly();
      }
      List<PendingChange<?>> group = new ArrayList<>();
      int taken = 0;
      boolean closedGroup = false;
      while (!closedGroup && fits(waiting.peek(), group, taken, maxCost)) {
        PendingChange<?> next = waiting.remove();
        taken += next.cost();
        group.add(next);
        closedGroup = next.alone();
      }
      cost -= taken;
      return group;
    } finally {
      lock.unlock();
    }
  }

  private static boolean fits(
      @Nullable PendingChange<?> next, List<PendingChange<?>> group, int taken, int maxCost) {
    return next != null && (group.isEmpty() || (!next.alone() && taken + next.cost() <= maxCost));
  }

  /// Takes out what has waited too long.
  List<PendingChange<?>> removeOverdue(long nowNanos, long maxWaitNanos) {
    lock.lock();
    try {
      List<PendingChange<?>> overdue = new ArrayList<>();
      while (!waiting.isEmpty() && nowNanos - waiting.peek().queuedNanos() > maxWaitNanos) {
        PendingChange<?> next = waiting.remove();
        cost -= next.cost();
        overdue.add(next);
      }
      return overdue;
    } finally {
      lock.unlock();
    }
  }

  /// No more changes are taken; what waits is still to be committed.
  void close() {
    lock.lock();
    try {
      closed = true;
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /// The cost of what waits.
  int waitingCost() {
    lock.lock();
    try {
      return cost;
    } finally {
      lock.unlock();
    }
  }
}
