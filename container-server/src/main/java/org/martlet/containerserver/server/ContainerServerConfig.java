package org.martlet.containerserver.server;

import java.time.Duration;
import org.martlet.common.model.ByteSize;
import org.martlet.containerserver.listing.ListingStoreConfig;
import org.martlet.containerserver.listing.MetadataLimits;

/// How the account and container services of one node behave.
///
/// @param version of the program, for `/recon/version`
/// @param threads that read from one device and prepare its changes
/// @param queue requests that may wait for those threads
/// @param maxWait how long they may wait
/// @param reserve share of a device, 0 to 1, that changes leave free; deletions go on
/// @param bodies memory for batches of updates, over all requests
/// @param listingLimit entries in one listing
/// @param listings bounds of one device's store
/// @param metadata limits on user metadata
/// @param reports how containers are reported to accounts
public record ContainerServerConfig(
    String version,
    int threads,
    int queue,
    Duration maxWait,
    double reserve,
    ByteSize bodies,
    int listingLimit,
    ListingStoreConfig listings,
    MetadataLimits metadata,
    AccountReporterConfig reports) {
  public static final ContainerServerConfig DEFAULT =
      new ContainerServerConfig(
          "unknown",
          4,
          1_000,
          Duration.ofSeconds(2),
          0.01,
          ByteSize.ofMiB(64),
          10_000,
          ListingStoreConfig.DEFAULT,
          MetadataLimits.DEFAULT,
          AccountReporterConfig.DEFAULT);

  public ContainerServerConfig {
    if (threads < 1 || threads > 64) {
      throw new IllegalArgumentException("a device has 1 to 64 threads, not " + threads);
    }
    if (queue < 1 || !maxWait.isPositive()) {
      throw new IllegalArgumentException("a device's queue holds nothing");
    }
    if (!(reserve >= 0 && reserve < 1)) {
      throw new IllegalArgumentException("a reserve is a share of 0 to 1, not " + reserve);
    }
    if (bodies.bytes() < ByteSize.ofMiB(8).bytes() || bodies.bytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("memory for bodies is 8 MiB to 2 GiB, not " + bodies);
    }
    if (listingLimit < 1 || listingLimit > 100_000) {
      throw new IllegalArgumentException("a listing has 1 to 100000 entries, not " + listingLimit);
    }
  }
}
