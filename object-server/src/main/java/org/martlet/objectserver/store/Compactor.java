package org.martlet.objectserver.store;

import com.google.common.util.concurrent.RateLimiter;
import java.io.IOException;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
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
final class Compactor {
  private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

  private final ObjectIndex index;
  private final DeviceParts parts;
  private final IndexFlusher flusher;
  private final CompactionPolicy policy;
  private final VolumeRewrite.Tools tools;
  private final BackgroundLoop loop;
  private final long volumeLimit;
  private final Set<Integer> failed = new HashSet<>();
  private volatile CompactionReport report = CompactionReport.NOTHING;

  /// @param name of the thread
  /// @param damage what happens to what is found
  Compactor(
      String name,
      DeviceParts parts,
      CommitQueue queue,
      IndexFlusher flusher,
      ObjectReads.Damage damage,
      DeviceStoreConfig device) {
    DeviceStoreConfig.Compaction config = device.background().compaction();
    this.volumeLimit = device.volumeLimit().bytes();
    this.parts = parts;
    this.index = parts.index();
    this.flusher = flusher;
    this.policy = new CompactionPolicy(config.garbageShare());
    this.loop = new BackgroundLoop(name, config.interval(), this::pass);
    RateLimiter limiter = RateLimiter.create((double) config.bytesPerSecond().bytes());
    this.tools =
        new VolumeRewrite.Tools(
            parts, queue, damage, new BufferPool(), n -> acquire(limiter, n), this::goesOn);
  }

  /// Told by a rewrite how far it has come.
  private boolean goesOn(long walkedBytes) {
    report = report.walked(walkedBytes);
    return !loop.isStopped();
  }

  private static void acquire(RateLimiter limiter, long bytes) {
    if (bytes > 0) {
      limiter.acquire(Math.toIntExact(bytes));
    }
  }

  /// Rewrites volumes as long as there is one worth it, of those that are there at its begin: what
  /// it writes itself waits for the next pass, so that a pass comes to an end.
  synchronized void pass() {
    try {
      Set<Integer> tried = new HashSet<>(failed);
      SortedMap<Integer, Long> sealed = parts.volumes().sealed();
      int last = sealed.isEmpty() ? 0 : sealed.lastKey();
      OptionalInt volume = choose(tried, last);
      while (volume.isPresent() && !loop.isStopped() && !parts.health().isOver()) {
        tried.add(volume.getAsInt());
        compact(volume.getAsInt());
        volume = choose(tried, last);
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

  private OptionalInt choose(Set<Integer> excluded, int last) {
    return policy.choose(
        parts.volumes().sealed(),
        this::neededBytes,
        new CompactionPolicy.Space(
            parts.health().isSpaceShort(2 * volumeLimit), parts.health().roomAtAll()),
        volume -> volume > last || excluded.contains(volume));
  }

  /// Live bytes, and those of gone records as long as a volume is left that may hold what they
  /// keep from coming back.
  private long neededBytes(int volume) {
    return index.liveBytes(volume)
        + index.goneBytes(volume, from -> parts.volumes().oldest(from, volume).isPresent());
  }

  private void compact(int volume) throws KeyValueFault {
    long size = parts.volumes().sealed().getOrDefault(volume, 0L);
    progress(volume, size);
    try {
      if (index.refersTo(volume) && parts.health().refusal(0) == null) {
        empty(volume, size);
      }
      if (!index.refersTo(volume)) {
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
    if (index.refersTo(volume) && rewrite.foundDamage()) {
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
      parts.health().foundMoreSpace();
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

  /// Its thread; stopped, it gives up what is under way as soon as it can.
  BackgroundLoop loop() {
    return loop;
  }
}
