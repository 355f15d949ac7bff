package org.martlet.containerserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Endpoint;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;

/// Container replica i reports to account replica i mod n.
class RingAccountTargetsTest {
  private static final PathHasher HASHER = new PathHasher("a", "b");
  private static final ObjectPath CONTAINER = ObjectPath.container("AUTH_test", "c");

  /// One partition, with a replica on each of so many devices of one server.
  private static Ring ring(int replicas, int port) {
    List<RingDevice> devices = new ArrayList<>();
    int[][] rows = new int[replicas][1];
    for (int i = 0; i < replicas; i++) {
      devices.add(RingDevice.of(new DeviceId(i), 0, 0, "10.0.0." + i, port, "d" + i, 1));
      rows[i][0] = i;
    }
    return Ring.of(0, devices, rows, 1);
  }

  private static AccountTargets targets(Ring containers, Ring accounts, int self) {
    return new RingAccountTargets(
        () -> containers, () -> accounts, HASHER, device -> device.ip().equals("10.0.0." + self));
  }

  private static Optional<AccountTarget> account(int replica) {
    return Optional.of(new AccountTarget(new Endpoint("10.0.0." + replica, 6202), "d" + replica));
  }

  @Test
  void replicasArePairedByTheirIndex() {
    Ring containers = ring(4, 6201);
    Ring accounts = ring(3, 6202);
    for (int i = 0; i < 4; i++) {
      assertThat(targets(containers, accounts, i).of("d" + i, CONTAINER)).isEqualTo(account(i % 3));
    }
  }

  @Test
  void aHandoffReportsToOneOfTheAccountsReplicasAlwaysTheSame() {
    AccountTargets targets = targets(ring(2, 6201), ring(3, 6202), 9);
    Optional<AccountTarget> target = targets.of("d1", CONTAINER);
    assertThat(target).isIn(account(0), account(1), account(2));
    assertThat(targets.of("d1", CONTAINER)).isEqualTo(target);
  }
}
