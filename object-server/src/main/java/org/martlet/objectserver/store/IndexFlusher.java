package org.martlet.objectserver.store;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.objectserver.index.LogPosition;
import org.martlet.objectserver.index.ObjectIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the index durable from time to time, so that a restart has little of the log to read
/// again.
///
/// Correctness does not depend on when: a thread of its own waits on wall time.
final class IndexFlusher implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(IndexFlusher.class);

  private final ObjectIndex index;
  private final DeviceHealth health;
  private final DeviceStoreConfig.FlushLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wakeUp = lock.newCondition();
  private LogPosition committed;
  private LogPosition flushed;
  private long unflushedBytes;
  private boolean stopped;

  IndexFlusher(ObjectIndex index, DeviceHealth health, DeviceStoreConfig.FlushLimits limits) {
    this.index = index;
    this.health = health;
    this.limits = limits;
    this.committed = index.position();
    this.flushed = index.position();
  }

  /// The committer has moved the index on.
  void committed(LogPosition position) {
    lock.lock();
    try {
      boolean sameVolume = position.volume() == committed.volume();
      unflushedBytes += position.offset() - (sameVolume ? committed.offset() : 0);
      committed = position;
      if (unflushedBytes >= limits.bytes().bytes()) {
        wakeUp.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    while (awaitTurn()) {
      flush();
    }
  }

  /// Waits until the interval is over or much was written.
  ///
  /// @return false once stopped
  private boolean awaitTurn() {
    lock.lock();
    try {
      long left = limits.interval().toNanos();
      while (!stopped && left > 0 && unflushedBytes < limits.bytes().bytes()) {
        left = wakeUp.awaitNanos(left);
      }
      return !stopped;
    } catch (InterruptedException e) {
      LOG.warn("interrupted: the index is not flushed any more until it is closed", e);
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /// Flushes if anything has changed.
  ///
  /// No space is not fatal: the log has everything, and the next turn tries again.
  void flush() {
    lock.lock();
    try {
      if (committed.equals(flushed)) {
        unflushedBytes = 0;
        return;
      }
    } finally {
      lock.unlock();
    }
    flushNow();
  }

  /// Flushes whatever has changed, also what is not in the log.
  ///
  /// @return whether all that was committed before the call is durable in the index
  boolean flushNow() {
    LogPosition target = startFlush();
    try {
      index.flush();
      lock.lock();
      try {
        flushed = target;
      } finally {
        lock.unlock();
      }
      return true;
    } catch (KeyValueFault e) {
      if (e.kind() == KeyValueFault.Kind.NO_SPACE) {
        LOG.warn("no space to flush the index: {}", e.getMessage());
        health.foundFull();
      } else {
        health.offline("flush of the index failed", e);
      }
      return false;
    } catch (RuntimeException | Error e) {
      health.offline("flush of the index failed", e);
      throw e;
    }
  }

  private LogPosition startFlush() {
    lock.lock();
    try {
      unflushedBytes = 0;
      return committed;
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      wakeUp.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
