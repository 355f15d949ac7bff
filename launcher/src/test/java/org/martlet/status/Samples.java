package org.martlet.status;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Parts of a status, well unless said otherwise.
final class Samples {
  static final String NOW = "2026-11-23T10:00:00Z";

  private Samples() {}

  static ClusterStatus.Device device(
      String node, String device, String state, ClusterStatus.@Nullable DiskSize disk) {
    return new ClusterStatus.Device(
        node, device, 1, 1, 100, state, null, disk, 10, 1000, 0, 2000, 0, 0, 0, 0, null, null, null,
        null, List.of());
  }

  static ClusterStatus.Node node(String address, @Nullable String fault) {
    return new ClusterStatus.Node(
        address,
        List.of("object 6200"),
        fault == null,
        fault,
        fault == null ? "1.0" : null,
        60L,
        null,
        0.1);
  }

  static ClusterStatus.Pass pass(String phase, List<String> waiting, List<String> faults) {
    return new ClusterStatus.Pass(
        "n1:6200", "d1", "object", 3, phase, 5, 2, 10L, 1000, 7, 7000, 1, 0, 0, 0, NOW, waiting,
        faults);
  }

  static ClusterStatus status(
      List<ClusterStatus.Node> nodes,
      List<ClusterStatus.Device> devices,
      List<ClusterStatus.RingState> rings,
      List<ClusterStatus.Pass> passes,
      ClusterStatus.Outbox outbox) {
    return new ClusterStatus(
        1,
        NOW,
        true,
        List.of(),
        nodes,
        devices,
        List.of(),
        rings,
        passes,
        List.of(),
        List.of(),
        outbox,
        new ClusterStatus.Capacity(100, 10, 90, true, List.of()));
  }

  static ClusterStatus well() {
    return status(
        List.of(node("n1:6200", null)),
        List.of(device("n1:6200", "d1", "online", null)),
        List.of(new ClusterStatus.RingState("object", 3, 3, true, List.of(), false)),
        List.of(pass("idle", List.of(), List.of())),
        new ClusterStatus.Outbox(0, 0, 0));
  }
}
