package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskSpace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How much room a device has, measured at most once a second.
///
/// Threads: any.
final class SpaceGauge {
  private static final Logger LOG = LoggerFactory.getLogger(SpaceGauge.class);
  private static final long FRESH_MILLIS = Duration.ofSeconds(1).toMillis();
  private static final int SHARES = 10_000;

  /// What there is room for.
  enum Level {
    /// Everything.
    AMPLE,
    /// Nothing that brings a body.
    LOW,
    /// Nothing.
    FULL
  }

  private final Disk disk;
  private final Path root;
  private final DeviceStoreConfig.SpaceMarks marks;
  private final InstantSource clock;

  private long measuredAt;
  private boolean measured;
  private Level level = Level.AMPLE;
  private long bodyRoom = Long.MAX_VALUE;

  SpaceGauge(Disk disk, Path root, DeviceStoreConfig.SpaceMarks marks, InstantSource clock) {
    this.disk = disk;
    this.root = root;
    this.marks = marks;
    this.clock = clock;
  }

  synchronized Level level() {
    long now = clock.millis();
    if (!measured || now - measuredAt >= FRESH_MILLIS || now < measuredAt) {
      measured = true;
      measuredAt = now;
      level = measure();
    }
    return level;
  }

  /// Whether so many bytes more leave the reserve as it is, by the last measure.
  synchronized boolean hasRoomFor(long bytes) {
    return bytes <= bodyRoom;
  }

  private Level measure() {
    try {
      DiskSpace space = disk.space(root);
      bodyRoom = space.usable() - part(space, marks.reserve());
      if (isBelow(space, marks.reserveHard())) {
        return Level.FULL;
      }
      return isBelow(space, marks.reserve()) ? Level.LOW : Level.AMPLE;
    } catch (IOException e) {
      LOG.warn("the space on {} cannot be measured", root, e);
      return level;
    }
  }

  private static boolean isBelow(DiskSpace space, int share) {
    return space.usable() < part(space, share);
  }

  /// So many ten-thousandths of the whole.
  private static long part(DiskSpace space, int share) {
    return space.total() / SHARES * share + space.total() % SHARES * share / SHARES;
  }

  /// A write found no space, whatever the measure said: full until it is measured again.
  synchronized void foundFull() {
    measured = true;
    measuredAt = clock.millis();
    level = Level.FULL;
  }
}
