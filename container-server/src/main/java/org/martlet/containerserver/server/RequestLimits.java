package org.martlet.containerserver.server;

import java.time.Duration;
import org.martlet.common.config.ConfigTable;
import org.martlet.common.disk.SpaceMarks;
import org.martlet.common.model.ByteSize;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.common.runtime.DeviceLane;

/// How much work a server takes on.
///
/// @param threads that read from one device and prepare its changes
/// @param queue requests that may wait for those threads
/// @param queueWait how long they may wait
/// @param batches memory for batches of updates, over all requests; a device takes a quarter of it
///     at most, but always one whole batch
/// @param listings memory for listings that are being sent
/// @param listing entries in one listing
/// @param space what changes leave free of a device, and what deletions leave
public record RequestLimits(
    int threads,
    int queue,
    Duration queueWait,
    ByteSize batches,
    ByteSize listings,
    int listing,
    SpaceMarks space) {
  public static final RequestLimits DEFAULT =
      new RequestLimits(
          4,
          1_024,
          Duration.ofSeconds(2),
          ByteSize.ofMiB(64),
          ByteSize.ofMiB(64),
          10_000,
          SpaceMarks.DEFAULT);

  public RequestLimits {
    if (threads < 1 || queue < 1 || !queueWait.isPositive()) {
      throw new IllegalArgumentException("a device has no threads, no queue or no time for it");
    }
    if (batches.bytes() < 2 * UpdateBatch.MAX_BYTES || batches.bytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("memory for batches is not 16 MiB to 2 GiB: " + batches);
    }
    if (listings.bytes() < ByteSize.ofMiB(32).bytes() || listings.bytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("memory for listings is not 32 MiB to 2 GiB: " + listings);
    }
    if (listing < 1) {
      throw new IllegalArgumentException("a listing has no entries");
    }
  }

  DeviceLane.Limits lane() {
    return new DeviceLane.Limits(threads, queue, queueWait);
  }

  /// How many bytes of batches one device may hold.
  int batchesOfOneDevice() {
    return (int) Math.max(UpdateBatch.MAX_BYTES, batches.bytes() / 4);
  }

  static RequestLimits read(ConfigTable table) {
    return new RequestLimits(
        table.integer("threads_per_device", DEFAULT.threads, 1, 256),
        table.integer("queue", DEFAULT.queue, 1, 1_000_000),
        table.duration("queue_wait", DEFAULT.queueWait),
        table.size("batch_memory", DEFAULT.batches),
        table.size("listing_memory", DEFAULT.listings),
        table.integer("listing_limit", DEFAULT.listing, 1, 100_000),
        SpaceMarks.ofPercent(
            table.decimal("reserve_percent", DEFAULT.space.reservePercent(), 0, 100),
            table.decimal("reserve_hard_percent", DEFAULT.space.reserveHardPercent(), 0, 100)));
  }
}
