package org.martlet.common.http;

import java.util.concurrent.atomic.AtomicLong;

/// Memory for the heads (and trailers) of requests to all servers of a process, whole or half sent.
/// Without it, many clients that each send most of the largest head could take all the heap.
///
/// Each connection may always hold [#ALLOWANCE] bytes, which usual heads do not exceed; only what
/// is above that is taken from the budget, until the request is answered.
///
/// - Bounds: `bytes` for all, and the allowance for each connection.
/// - Threads: any; a [Share] belongs to one event loop.
final class HeadBudget {
  static final int ALLOWANCE = 4096;

  /// The least and the most of the heap that is given: an eighth, within these.
  private static final long LEAST = 4 << 20;

  private static final long MOST = 256 << 20;

  private final AtomicLong free;

  HeadBudget(long bytes) {
    this.free = new AtomicLong(bytes);
  }

  /// The budget for a heap of that size.
  static HeadBudget ofHeap(long heapBytes) {
    return new HeadBudget(Math.clamp(heapBytes / 8, LEAST, MOST));
  }

  /// Bytes that nobody holds.
  long free() {
    return free.get();
  }

  Share share() {
    return new Share();
  }

  private boolean take(long bytes) {
    while (true) {
      long left = free.get();
      if (bytes > left) {
        return false;
      }
      if (free.compareAndSet(left, left - bytes)) {
        return true;
      }
    }
  }

  /// What one connection holds.
  final class Share {
    private long taken;

    /// Tells how much the connection holds now, all together.
    ///
    /// @return false if the budget has no room for it; the share is then as it was
    boolean hold(long bytes) {
      long wanted = Math.max(0, bytes - ALLOWANCE);
      long more = wanted - taken;
      if (more > 0 && !take(more)) {
        return false;
      }
      if (more < 0) {
        free.addAndGet(-more);
      }
      taken = wanted;
      return true;
    }

    /// Gives everything back.
    void release() {
      hold(0);
    }
  }
}
