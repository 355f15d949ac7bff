package org.martlet.ringbuilder.builder;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;

/// Builders over made-up clusters, and a clock that is set by hand.
final class Clusters {
  private Clusters() {}

  static final class HandClock implements InstantSource {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    void pass(Duration time) {
      now = now.plus(time);
    }
  }

  static RingDevice device(int region, int zone, int server, int disk, double weight) {
    String ip = "10.%d.%d.%d".formatted(region, zone, server);
    return RingDevice.of(new DeviceId(0), region, zone, ip, 6200, "d" + disk, weight);
  }

  /// Equal devices, one to a zone.
  static RingBuilder flat(int partPower, double replicas, int devices) throws RingBuilderException {
    RingBuilder builder = RingBuilder.create(partPower, replicas, 1);
    for (int i = 0; i < devices; i++) {
      builder.add(device(1, i, 1, 1, 100));
    }
    return builder;
  }

  /// Equal disks, as many in every server and servers in every zone.
  static RingBuilder regular(int partPower, int zones, int servers, int disks)
      throws RingBuilderException {
    RingBuilder builder = RingBuilder.create(partPower, 3, 1);
    for (int i = 0; i < zones * servers * disks; i++) {
      builder.add(device(0, i % zones, i / zones % servers, i, 300));
    }
    return builder;
  }

  /// Servers of several disks each over zones and regions, weights from 1 to 8 units.
  static RingBuilder random(long seed, int partPower, double replicas, int devices, double overload)
      throws RingBuilderException {
    Random random = new Random(seed);
    RingBuilder builder = RingBuilder.create(partPower, replicas, 1);
    builder.setOverload(overload);
    int regions = 1 + random.nextInt(2);
    int zones = 1 + random.nextInt(4);
    int servers = 1 + random.nextInt(4);
    boolean equalWeights = random.nextBoolean();
    for (int i = 0; i < devices; i++) {
      double weight = equalWeights ? 100 : 100 * (1 + random.nextInt(8));
      builder.add(
          device(
              random.nextInt(regions), random.nextInt(zones), random.nextInt(servers), i, weight));
    }
    return builder;
  }
}
