package org.martlet.replicator.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

/// Small rings with any assignment.
final class RandomRings {
  static final int PART_POWER = 4;
  static final int DEVICES = 6;

  private RandomRings() {}

  /// Sixteen partitions on six devices, of which not all need hold any; the last row may be short.
  static Ring of(long seed, int replicas) {
    Random random = new Random(seed);
    List<RingDevice> devices = new ArrayList<>();
    for (int id = 0; id < DEVICES; id++) {
      devices.add(RingDevice.of(new DeviceId(id), 1, id % 3, "10.0.0." + id, 6200, "d" + id, 1));
    }
    int[][] rows = new int[replicas][];
    for (int row = 0; row < replicas; row++) {
      boolean shortened = row > 0 && row == replicas - 1 && random.nextBoolean();
      rows[row] = random.ints(shortened ? 9 : 1 << PART_POWER, 0, DEVICES).toArray();
    }
    return Ring.of(PART_POWER, devices, rows, 1);
  }
}
