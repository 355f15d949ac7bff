package org.martlet.objectserver.store;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.martlet.common.disk.Disk;
import org.martlet.common.kv.KeyValueOpener;

/// What a device store needs from outside.
///
/// @param databases opens the index
/// @param clock what time it is, for names and timestamps; it may jump
/// @param ticker measures how long something takes; it never goes back
/// @param random unpredictable: salts of volumes and the device's identity come from it
/// @param clusterId the device refuses to be opened by another cluster
/// @param clusterSecret keys the digests; the same on all devices of a cluster
public record StoreEnvironment(
    Disk disk,
    KeyValueOpener databases,
    InstantSource clock,
    Ticker ticker,
    RandomGenerator random,
    String clusterId,
    String clusterSecret) {

  /// The same with another disk.
  StoreEnvironment on(Disk other) {
    return new StoreEnvironment(other, databases, clock, ticker, random, clusterId, clusterSecret);
  }

  /// With the system's ticker.
  public StoreEnvironment(
      Disk disk,
      KeyValueOpener databases,
      InstantSource clock,
      RandomGenerator random,
      String clusterId,
      String clusterSecret) {
    this(disk, databases, clock, Ticker.systemTicker(), random, clusterId, clusterSecret);
  }
}
