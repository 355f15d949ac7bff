package org.martlet.common.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How much room a device has, measured at most once a second.
///
/// A measure blocks on the device: one caller takes it, and all others go on with the last one
/// meanwhile.
///
/// Threads: any; one call a second blocks on the device, and the first calls wait for the first
/// measure.
public final class SpaceGauge {
  private static final Logger LOG = LoggerFactory.getLogger(SpaceGauge.class);
  private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int SHARES = 10_000;

  /// What there is room for.
  public enum Level {
    /// Everything.
    AMPLE,
    /// Nothing that adds data.
    LOW,
    /// Nothing.
    FULL
  }

  /// @param takenAt by the ticker
  /// @param room bytes above the reserve, negative below it
  /// @param roomAtAll bytes above the hard reserve, negative below it
  /// @param reserve in bytes
  /// @param space null before the first measure
  private record Measure(
      long takenAt,
      Level level,
      long room,
      long roomAtAll,
      long reserve,
      @Nullable DiskSpace space) {
    Measure of(long moment, Level other) {
      return new Measure(moment, other, room, roomAtAll, reserve, space);
    }
  }

  private final Disk disk;
  private final Path root;
  private final SpaceMarks marks;
  private final LongSupplier nanos;
  private final ReentrantLock measuring = new ReentrantLock();
  private final AtomicLong takenSince = new AtomicLong();
  private volatile Measure last;
  private volatile boolean measured;

  /// @param root a directory of the device
  /// @param nanos counts on, from anywhere
  public SpaceGauge(Disk disk, Path root, SpaceMarks marks, LongSupplier nanos) {
    this.disk = disk;
    this.root = root;
    this.marks = marks;
    this.nanos = nanos;
    this.last =
        new Measure(nanos.getAsLong(), Level.AMPLE, Long.MAX_VALUE, Long.MAX_VALUE, 0, null);
  }

  public Level level() {
    if (!measured) {
      measuring.lock();
    } else if (!isStale() || !measuring.tryLock()) {
      return last.level();
    }
    try {
      if (!measured || isStale()) {
        last = measure();
        measured = true;
      }
      return last.level();
    } finally {
      measuring.unlock();
    }
  }

  /// As it was last measured; never blocks.
  public Level lastLevel() {
    return last.level();
  }

  /// The file system as it was last measured; empty before the first measure; never blocks.
  public Optional<DiskSpace> lastSpace() {
    return Optional.ofNullable(last.space());
  }

  private boolean isStale() {
    long age = nanos.getAsLong() - last.takenAt();
    return age >= FRESH_NANOS || age < 0;
  }

  /// Whether so many bytes more leave the reserve as it is, by the last measure and all that was
  /// let in since: else a burst between two measures would take the reserve, too.
  ///
  /// True counts the bytes as taken until the next measure; who asks twice for one body is counted
  /// twice until then.
  public boolean letIn(long bytes) {
    long room = last.room();
    long before = takenSince.getAndUpdate(taken -> bytes > room - taken ? taken : taken + bytes);
    return bytes <= room - before;
  }

  /// Bytes that may still be written before everything is refused, by the last measure; negative
  /// where it is already.
  public long roomAtAll() {
    return last.roomAtAll();
  }

  /// Whether the reserve is near, or was reached, by the last measure: what is above it is less
  /// than as much again, or than what somebody needs.
  public boolean isShort(long needed) {
    return last.room() < Math.max(last.reserve(), needed);
  }

  /// A write found no space, whatever the measure said: full until it is measured again.
  public void foundFull() {
    last = last.of(nanos.getAsLong(), Level.FULL);
    measured = true;
  }

  /// Space was given back: the next call measures it, whenever the last one did.
  public void foundMore() {
    Measure before = last;
    last = before.of(before.takenAt() - FRESH_NANOS, before.level());
  }

  /// What cannot be measured is as it was before.
  private Measure measure() {
    long now = nanos.getAsLong();
    Measure before = last;
    takenSince.set(0);
    try {
      DiskSpace space = disk.space(root);
      long reserve = part(space, marks.reserve());
      long room = space.usable() - reserve;
      long roomAtAll = space.usable() - part(space, marks.reserveHard());
      return new Measure(now, level(space), room, roomAtAll, reserve, space);
    } catch (IOException e) {
      LOG.warn("the space on {} cannot be measured", root, e);
      return before.of(now, before.level());
    }
  }

  private Level level(DiskSpace space) {
    if (space.usable() < part(space, marks.reserveHard())) {
      return Level.FULL;
    }
    return space.usable() < part(space, marks.reserve()) ? Level.LOW : Level.AMPLE;
  }

  /// So many ten-thousandths of the whole.
  private static long part(DiskSpace space, int share) {
    return space.total() / SHARES * share + space.total() % SHARES * share / SHARES;
  }
}
