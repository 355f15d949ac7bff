package org.martlet.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.DeviceId;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

final class CapacitiesTest {
  private static final StoragePolicy POLICY = new StoragePolicy(0, "gold", true, false);
  private static final long GIB = 1L << 30;

  private static RingDevice ringDevice(int id, double weight) {
    return RingDevice.of(new DeviceId(id), 1, id, "10.0.0." + id, 6200, "d1", weight);
  }

  private static ClusterStatus.Device device(int id, long free, String fileSystem) {
    return Samples.device(
        "10.0.0." + id + ":6200",
        "d1",
        "online",
        new ClusterStatus.DiskSize(10 * GIB, 10 * GIB - free, free, 0.5, fileSystem));
  }

  /// Four partitions, two replicas: device 0 has all of the first row, 1 three of the second, 2
  /// one.
  private static Ring ring() {
    return Ring.of(
        2,
        List.of(ringDevice(0, 4), ringDevice(1, 3), ringDevice(2, 1)),
        new int[][] {{0, 0, 0, 0}, {1, 1, 1, 2}},
        1);
  }

  @Test
  void theFirstDeviceToFillLimitsWhatIsUsable() {
    List<ClusterStatus.Device> devices =
        List.of(device(0, 8 * GIB, "1"), device(1, 3 * GIB, "1"), device(2, 9 * GIB, "1"));
    ClusterStatus.PolicyCapacity found = of(devices);
    assertThat(found.firstFull()).isEqualTo("10.0.0.1:6200/d1");
    assertThat(found.usableBytes()).isEqualTo(4 * GIB);
    assertThat(found.replicas()).isEqualTo(2);
    assertThat(found.objects()).isEqualTo(50);
    assertThat(found.storedBytes()).isEqualTo(500);
  }

  @Test
  void devicesOnOneFileSystemShareWhatIsFree() {
    List<ClusterStatus.Device> devices = new ArrayList<>();
    for (int id = 0; id < 3; id++) {
      ClusterStatus.Device device = device(id, 8 * GIB, "7");
      devices.add(Samples.device("host:6200", "d" + id, "online", device.disk()));
    }
    Ring ring =
        Ring.of(
            2,
            List.of(
                RingDevice.of(new DeviceId(0), 1, 0, "host", 6200, "d0", 1),
                RingDevice.of(new DeviceId(1), 1, 1, "host", 6200, "d1", 1),
                RingDevice.of(new DeviceId(2), 1, 2, "host", 6200, "d2", 1)),
            new int[][] {{0, 0, 0, 0}, {1, 1, 1, 2}},
            1);
    ClusterStatus.Capacity found = new Capacities(devices).of(Map.of(POLICY, ring), Map.of());
    assertThat(found.rawBytes()).isEqualTo(10 * GIB);
    assertThat(found.policies().getFirst().usableBytes()).isEqualTo(4 * GIB);
  }

  @Test
  void whatIsUsableIsNotKnownWhereADeviceDoesNotTell() {
    List<ClusterStatus.Device> devices =
        List.of(
            device(0, 8 * GIB, "1"),
            device(1, 3 * GIB, "1"),
            Samples.device("10.0.0.2:6200", "d1", "unknown", null));
    assertThat(of(devices).usableBytes()).isNull();
    assertThat(new Capacities(devices).of(Map.of(POLICY, ring()), Map.of()).complete()).isFalse();
  }

  private static ClusterStatus.PolicyCapacity of(List<ClusterStatus.Device> devices) {
    return new Capacities(devices)
        .of(Map.of(POLICY, ring()), Map.of(0, new long[] {100, 1000}))
        .policies()
        .getFirst();
  }
}
