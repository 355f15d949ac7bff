package org.martlet.status;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.PartitionId;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

/// What a cluster holds, and what its weights leave usable.
///
/// A ring spreads what comes by its assignment, so the first device to be full ends it, however
/// much room others have: a byte of a client brings `parts / partitions` bytes to a device, and the
/// device with the least of `free × partitions / parts` is the limit. Devices on one file system
/// share what is free there. A device's reserve is not taken off.
final class Capacities {
  private final Map<String, ClusterStatus.Device> devices = new HashMap<>();

  /// @param devices all of the object rings
  Capacities(List<ClusterStatus.Device> devices) {
    devices.forEach(device -> this.devices.put(device.node() + "/" + device.device(), device));
  }

  /// @param byPolicy what devices hold by policy: objects and bytes, all copies
  ClusterStatus.Capacity of(Map<StoragePolicy, Ring> rings, Map<Integer, long[]> byPolicy) {
    long raw = 0;
    long used = 0;
    long free = 0;
    boolean complete = true;
    Set<String> seen = new HashSet<>();
    for (ClusterStatus.Device device : devices.values()) {
      ClusterStatus.DiskSize disk = device.disk();
      if (disk == null) {
        complete = false;
      } else if (seen.add(fileSystem(device, disk))) {
        raw += disk.sizeBytes();
        used += disk.usedBytes();
        free += disk.freeBytes();
      }
    }
    List<ClusterStatus.PolicyCapacity> policies = new ArrayList<>();
    rings.forEach(
        (policy, ring) ->
            policies.add(of(policy, ring, byPolicy.getOrDefault(policy.index(), new long[2]))));
    return new ClusterStatus.Capacity(raw, used, free, complete, policies);
  }

  private static String fileSystem(ClusterStatus.Device device, ClusterStatus.DiskSize disk) {
    String host = device.node().substring(0, Math.max(0, device.node().lastIndexOf(':')));
    return disk.fileSystem().isEmpty()
        ? device.node() + "/" + device.device()
        : host + " " + disk.fileSystem();
  }

  /// What is known of one file system.
  private static final class Share {
    private final String device;
    private final long free;
    private long parts;

    Share(String device, long free) {
      this.device = device;
      this.free = free;
    }
  }

  private ClusterStatus.PolicyCapacity of(StoragePolicy policy, Ring ring, long[] stored) {
    double replicas = ring.replicaCount();
    Map<String, Share> shares = new HashMap<>();
    boolean known = true;
    Map<DeviceId, Long> parts = parts(ring);
    for (RingDevice device : ring.devices()) {
      long held = parts.getOrDefault(device.id(), 0L);
      ClusterStatus.Device found = devices.get(device.address() + "/" + device.device());
      ClusterStatus.DiskSize disk = found == null ? null : found.disk();
      if (held == 0) {
        continue;
      }
      if (found == null || disk == null) {
        known = false;
      } else {
        shares.computeIfAbsent(
                    fileSystem(found, disk),
                    first -> new Share(found.node() + "/" + found.device(), disk.freeBytes()))
                .parts +=
            held;
      }
    }
    @Nullable Share least = null;
    double leastBytes = Double.POSITIVE_INFINITY;
    for (Share share : shares.values()) {
      double bytes = (double) share.free * ring.partitionCount() / share.parts;
      if (bytes < leastBytes) {
        leastBytes = bytes;
        least = share;
      }
    }
    return new ClusterStatus.PolicyCapacity(
        policy.index(),
        policy.name(),
        replicas,
        Math.round(stored[0] / replicas),
        Math.round(stored[1] / replicas),
        known && least != null ? (Long) (long) leastBytes : null,
        known && least != null ? least.device : null);
  }

  private static Map<DeviceId, Long> parts(Ring ring) {
    Map<DeviceId, Long> parts = new HashMap<>();
    for (int partition = 0; partition < ring.partitionCount(); partition++) {
      ring.assigned(new PartitionId(partition))
          .forEach(device -> parts.merge(device, 1L, Long::sum));
    }
    return parts;
  }
}
