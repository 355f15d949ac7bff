package org.martlet.objectserver.store;

import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.martlet.common.disk.Disk;
import org.martlet.common.kv.KeyValueOpener;

/// What a device store needs from outside.
///
/// @param databases opens the index
/// @param random unpredictable: salts of volumes and the device's identity come from it
/// @param clusterId the device refuses to be opened by another cluster
/// @param clusterSecret keys the digests; the same on all devices of a cluster
public record StoreEnvironment(
    Disk disk,
    KeyValueOpener databases,
    InstantSource clock,
    RandomGenerator random,
    String clusterId,
    String clusterSecret) {}
