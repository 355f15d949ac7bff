package org.martlet.objectserver.store;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The bounded queue before a device's committer, taken from in groups.
///
/// Threads: any may add; one takes.
final class CommitQueue {
  private static final int GROUP_REQUESTS = 256;
  private static final long GROUP_BYTES = 4L << 20;

  private final DeviceStoreConfig.QueueLimits limits;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition close = lock.newCondition();
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  private record Waiting(Request request, long since) {}

  CommitQueue(DeviceStoreConfig.QueueLimits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /// @return why it was not queued; null if it was
  MutationOutcome.@Nullable Refusal add(Request request) {
    lock.lock();
    try {
      if (closed) {
        return new MutationOutcome.Unavailable(new DeviceStatus.Closed());
      }
      if (queue.size() >= limits.mutations()
          || (bytes > 0 && bytes + request.bytes() > limits.bytes().bytes())) {
        return new MutationOutcome.Busy();
      }
      queue.addLast(new Waiting(request, clock.millis()));
      bytes += request.bytes();
      notEmpty.signal();
      return null;
    } finally {
      lock.unlock();
    }
  }

  /// What waits, up to the size of a group; blocks until there is something. What has waited too
  /// long comes as [Request.Expired].
  ///
  /// @return empty once the queue is closed and nothing is left
  List<Request> take() {
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        notEmpty.awaitUninterruptibly();
      }
      return takeGroup();
    } finally {
      lock.unlock();
    }
  }

  private List<Request> takeGroup() {
    List<Request> group = new ArrayList<>();
    long groupBytes = 0;
    long now = clock.millis();
    while (!queue.isEmpty() && group.size() < GROUP_REQUESTS && groupBytes < GROUP_BYTES) {
      Waiting next = queue.removeFirst();
      Request request = next.request();
      bytes -= request.bytes();
      groupBytes += request.bytes();
      boolean tooLate = now - next.since() > limits.queueWait().toMillis();
      group.add(tooLate ? new Request.Expired(request) : request);
    }
    return group;
  }

  /// Waits until the queue is closed, but not for longer than this.
  ///
  /// @return whether it is closed
  boolean awaitClose(Duration limit) {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (!closed && left > 0) {
        left = close.awaitNanos(left);
      }
      return closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// How long the oldest request has waited, in milliseconds; 0 if none does.
  long oldestWaitMillis() {
    lock.lock();
    try {
      return queue.isEmpty() ? 0 : clock.millis() - queue.getFirst().since();
    } finally {
      lock.unlock();
    }
  }

  int depth() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /// Takes nothing more; what waits can still be taken.
  void close() {
    lock.lock();
    try {
      closed = true;
      notEmpty.signalAll();
      close.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
