package org.martlet.objectserver.store;

import java.util.concurrent.locks.ReentrantLock;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.objectserver.index.LogPosition;
import org.martlet.objectserver.index.ObjectIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the index durable from time to time, so that a restart has little of the log to read
/// again.
final class IndexFlusher {
  private static final Logger LOG = LoggerFactory.getLogger(IndexFlusher.class);

  private final ObjectIndex index;
  private final DeviceHealth health;
  private final DeviceStoreConfig.FlushLimits limits;
  private final BackgroundLoop loop;
  private final ReentrantLock lock = new ReentrantLock();
  private LogPosition committed;
  private LogPosition flushed;
  private long unflushedBytes;

  /// @param name of the thread
  IndexFlusher(
      String name, ObjectIndex index, DeviceHealth health, DeviceStoreConfig.FlushLimits limits) {
    this.index = index;
    this.health = health;
    this.limits = limits;
    this.loop = new BackgroundLoop(name, limits.interval(), this::flush);
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
        loop.wake();
      }
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
        health.faults().index(e);
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

  /// Its thread.
  BackgroundLoop loop() {
    return loop;
  }
}
