package org.martlet.common.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.martlet.common.model.DeviceId;

/// Small rings with known or random content.
final class RingsForTests {
  private RingsForTests() {}

  static RingDevice device(int id, int region, int zone, String ip) {
    return RingDevice.of(new DeviceId(id), region, zone, ip, 6200 + id, "d" + id, 100);
  }

  /// Devices spread over regions, zones and servers at random, ids with holes, any assignment.
  static Ring random(long seed, int partPower, double replicas, int deviceCount) {
    return random(seed, 1 + new Random(seed).nextInt(1000), partPower, replicas, deviceCount);
  }

  static Ring random(long seed, long version, int partPower, double replicas, int deviceCount) {
    Random random = new Random(seed);
    List<RingDevice> devices = new ArrayList<>();
    int id = 0;
    while (devices.size() < deviceCount) {
      if (random.nextInt(4) > 0) {
        devices.add(
            device(id, random.nextInt(3), random.nextInt(3), "10.0.0." + random.nextInt(5)));
      }
      id++;
    }
    int parts = 1 << partPower;
    int rows = (int) Math.ceil(replicas);
    int[][] assignment = new int[rows][];
    for (int row = 0; row < rows; row++) {
      double share = Math.min(1, replicas - row);
      assignment[row] = new int[Math.max(1, (int) (parts * share))];
      for (int part = 0; part < assignment[row].length; part++) {
        assignment[row][part] = devices.get(random.nextInt(deviceCount)).id().value();
      }
    }
    return Ring.of(partPower, devices, assignment, version);
  }

  /// The same with more partitions: each is cut into `2^bits` that stay where it was.
  static Ring cut(Ring ring, int bits) {
    int[][] rows = new int[ring.rows()][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = new int[ring.assignment().length(row) << bits];
      for (int part = 0; part < rows[row].length; part++) {
        rows[row][part] = ring.assignment().device(row, part >> bits);
      }
    }
    return Ring.of(ring.partPower() + bits, ring.devices(), rows, ring.version() + 1);
  }
}
