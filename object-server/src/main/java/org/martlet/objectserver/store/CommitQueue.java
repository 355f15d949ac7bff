package org.martlet.objectserver.store;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The bounded queue before a device's committer, taken from in groups.
///
/// Nothing waits in it for longer than the limit, even while the committer hangs in the device:
/// what is overdue is refused by [#refuseOverdue], so that its body's memory is free for others.
///
/// Threads: any may add; one takes.
final class CommitQueue {
  private static final int GROUP_REQUESTS = 256;
  private static final long GROUP_BYTES = 4L << 20;

  private final DeviceStoreConfig.QueueLimits limits;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition close = lock.newCondition();
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();

  /// Refused already, but their files are still to be removed by the committer.
  private final ArrayDeque<Request.Expired> leftovers = new ArrayDeque<>();

  private long bytes;
  private boolean closed;

  private record Waiting(Request request, long sinceNanos) {}

  CommitQueue(DeviceStoreConfig.QueueLimits limits, Ticker ticker) {
    this.limits = limits;
    this.ticker = ticker;
  }

  /// @return why it was not queued; null if it was
  MutationOutcome.@Nullable Refusal add(Request request) {
    lock.lock();
    try {
      return addLocked(request);
    } finally {
      lock.unlock();
    }
  }

  /// Queues requests one right behind the other, so that they come into one group as far as it has
  /// room; refuses those that were not queued.
  void addAll(List<? extends Request> requests) {
    lock.lock();
    try {
      for (Request request : requests) {
        MutationOutcome.Refusal refusal = addLocked(request);
        if (refusal != null) {
          request.refuse(refusal);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private MutationOutcome.@Nullable Refusal addLocked(Request request) {
    if (closed) {
      return new MutationOutcome.Unavailable(new DeviceStatus.Closed());
    }
    if (queue.size() + leftovers.size() >= limits.mutations()
        || (bytes > 0 && bytes + request.bytes() > limits.bytes().bytes())) {
      return new MutationOutcome.Busy();
    }
    queue.addLast(new Waiting(request, ticker.read()));
    bytes += request.bytes();
    notEmpty.signal();
    return null;
  }

  /// What waits, up to the size of a group; blocks until there is something. What has waited too
  /// long comes as [Request.Expired].
  ///
  /// @return empty once the queue is closed and nothing is left
  List<Request> take() {
    lock.lock();
    try {
      while (queue.isEmpty() && leftovers.isEmpty() && !closed) {
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
    while (!leftovers.isEmpty() && group.size() < GROUP_REQUESTS) {
      group.add(leftovers.removeFirst());
    }
    long now = ticker.read();
    while (!queue.isEmpty() && group.size() < GROUP_REQUESTS && groupBytes < GROUP_BYTES) {
      Waiting next = queue.removeFirst();
      Request request = next.request();
      bytes -= request.bytes();
      groupBytes += request.bytes();
      group.add(isOverdue(next, now) ? new Request.Expired(request) : request);
    }
    return group;
  }

  private boolean isOverdue(Waiting waiting, long now) {
    return now - waiting.sinceNanos() > limits.queueWait().toNanos();
  }

  /// Refuses what has waited too long; called regularly by a timer. Does not block on the device.
  void refuseOverdue() {
    List<Request> overdue = new ArrayList<>();
    lock.lock();
    try {
      long now = ticker.read();
      while (!queue.isEmpty() && isOverdue(queue.getFirst(), now)) {
        Request request = queue.removeFirst().request();
        bytes -= request.bytes();
        overdue.add(request);
        if (request.bringsFile()) {
          leftovers.add(new Request.Expired(request));
        }
      }
    } finally {
      lock.unlock();
    }
    overdue.forEach(request -> request.refuse(new MutationOutcome.Busy()));
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
