package org.martlet.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;

class LocalDevicesTest {
  @Test
  void nodesThatListenOnAddressesOfTheirOwnOnOneMachineAreToldApart() throws IOException {
    LocalDevices local = new LocalDevices("127.0.0.2", 6200);

    assertThat(local.test(device("127.0.0.2", 6200))).isTrue();
    assertThat(local.test(device("127.0.0.3", 6200))).isFalse();
    assertThat(local.test(device("127.0.0.2", 6201))).isFalse();
  }

  @Test
  void whoListensOnAllAddressesServesWhatTheRingHasAtAnyOfThem() throws IOException {
    LocalDevices local = new LocalDevices("0.0.0.0", 6200);

    assertThat(local.test(device("127.0.0.1", 6200))).isTrue();
    assertThat(local.test(device("192.0.2.1", 6200))).isFalse();
  }

  private static RingDevice device(String ip, int port) {
    return RingDevice.of(new DeviceId(0), 1, 1, ip, port, "d1", 100);
  }
}
