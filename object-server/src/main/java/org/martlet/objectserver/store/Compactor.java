package org.martlet.objectserver.store;

import com.google.common.util.concurrent.RateLimiter;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskOutOfHandles;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.objectserver.index.ObjectIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives back the space of what was overwritten and deleted: rewrites volumes that are mostly
/// garbage and removes them.
///
/// A volume is removed only when the index refers to nothing in it, and the index that says so is
/// on stable storage. Until then everything can be repeated: a crash at any moment leaves a
/// volume that is garbage, which the next pass removes.
///
/// Correctness does not depend on when: a thread of its own waits on wall time.
final class Compactor implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

  private final ObjectIndex index;
  private final DeviceParts parts;
  private final IndexFlusher flusher;
  private final CompactionPolicy policy;
  private final VolumeRewrite.Tools tools;
  private final Duration interval;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wakeUp = lock.newCondition();
  private final Set<Integer> failed = new HashSet<>();
  private volatile boolean stopped;
  private volatile CompactionReport report = new CompactionReport(0, 0, 0, 0, 0, 0);

  Compactor(
      DeviceParts parts,
      CommitQueue queue,
      IndexFlusher flusher,
      ObjectReads.Damage damage,
      DeviceStoreConfig.Compaction config) {
    this.parts = parts;
    this.index = parts.index();
    this.flusher = flusher;
    this.policy = new CompactionPolicy(config.garbageShare());
    this.interval = config.interval();
    RateLimiter limiter = RateLimiter.create((double) config.bytesPerSecond().bytes());
    this.tools =
        new VolumeRewrite.Tools(
            parts, queue, damage, new BufferPool(), n -> acquire(limiter, n), () -> stopped);
  }

  private static void acquire(RateLimiter limiter, long bytes) {
    if (bytes > 0) {
      limiter.acquire(Math.toIntExact(bytes));
    }
  }

  @Override
  public void run() {
    while (awaitTurn()) {
      pass();
    }
  }

  /// Waits until the interval is over.
  ///
  /// @return false once stopped
  private boolean awaitTurn() {
    lock.lock();
    try {
      long left = interval.toNanos();
      while (!stopped && left > 0) {
        left = wakeUp.awaitNanos(left);
      }
      return !stopped;
    } catch (InterruptedException e) {
      LOG.warn("interrupted: no volume is rewritten any more until the device is opened again", e);
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /// Rewrites volumes as long as there is one worth it.
  synchronized void pass() {
    try {
      Set<Integer> tried = new HashSet<>(failed);
      OptionalInt volume = choose(tried);
      while (volume.isPresent() && !stopped && !parts.health().isOver()) {
        tried.add(volume.getAsInt());
        compact(volume.getAsInt());
        volume = choose(tried);
      }
    } catch (KeyValueFault e) {
      parts.health().offline("reading the index failed", e);
    } catch (RuntimeException | Error e) {
      parts.health().offline("compaction failed", e);
      throw e;
    } finally {
      progress(0, 0);
    }
  }

  private OptionalInt choose(Set<Integer> excluded) {
    DeviceStatus status = parts.health().status();
    boolean low = status instanceof DeviceStatus.LowSpace || status instanceof DeviceStatus.Full;
    return policy.choose(parts.volumes().sealed(), index::liveBytes, low, excluded::contains);
  }

  private void compact(int volume) throws KeyValueFault {
    long size = parts.volumes().sealed().getOrDefault(volume, 0L);
    progress(volume, size);
    try {
      if (index.liveBytes(volume) > 0 && parts.health().refusal(0) == null) {
        empty(volume, size);
      }
      if (index.liveBytes(volume) == 0) {
        remove(volume, size);
      }
    } catch (VolumeRewrite.Stopped e) {
      LOG.debug("{}", e.getMessage());
    } catch (KeyValueFault e) {
      throw e;
    } catch (DiskOutOfHandles e) {
      LOG.warn("volume {} is tried again in the next pass: {}", volume, e.getMessage());
    } catch (IOException e) {
      LOG.error("volume {} cannot be rewritten and stays as it is", volume, e);
      failed.add(volume);
      report = report.failed(failed.size());
    }
  }

  private void empty(int volume, long size) throws IOException {
    VolumeRewrite rewrite = new VolumeRewrite(tools, volume);
    report = report.moved(rewrite.run(size));
    if (index.liveBytes(volume) > 0 && rewrite.foundDamage()) {
      report = report.moved(rewrite.runOverIndex());
    }
  }

  /// Removes a volume that nothing refers to, and that nothing can refer to any more.
  private void remove(int volume, long size) throws IOException {
    if (!flusher.flushNow()) {
      return;
    }
    DeviceHealth.Watch watch = parts.health().watch();
    try {
      parts.volumes().remove(volume);
      report = report.freed(size);
      LOG.info("volume {} was garbage: {} bytes are free again", volume, size);
    } catch (DiskOutOfHandles e) {
      throw e;
    } catch (DiskFault e) {
      parts.health().offline("removing a volume failed", e);
    } finally {
      watch.end();
    }
  }

  private void progress(int volume, long size) {
    report = report.at(volume, size);
  }

  CompactionReport report() {
    return report;
  }

  /// Gives up what is under way as soon as it can be.
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
