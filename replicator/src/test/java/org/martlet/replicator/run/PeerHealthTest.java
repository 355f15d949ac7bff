package org.martlet.replicator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;

class PeerHealthTest {
  private static final RingDevice PEER =
      RingDevice.of(new DeviceId(1), 1, 1, "10.0.0.1", 6200, "d1", 1);
  private static final ReplicaFault SILENT =
      new ReplicaFault(ReplicaFault.Kind.UNREACHABLE, "no answer");

  private Instant now = Instant.ofEpochSecond(1_700_000_000);
  private final PeerHealth health = new PeerHealth(() -> now);

  private void after(long millis) {
    now = now.plusMillis(millis);
  }

  @Test
  void aDeviceThatDoesNotAnswerIsDownUntilAProbeIsAnswered() {
    health.failed(PEER, SILENT);
    assertThat(health.isUp(PEER)).isFalse();
    assertThat(health.dueProbes()).isEmpty();
    after(1_000);
    assertThat(health.dueProbes()).containsExactly(PEER);
    assertThat(health.dueProbes()).as("each is handed out once").isEmpty();
    health.answered(PEER);
    assertThat(health.isUp(PEER)).isTrue();
    assertThat(health.recoveredSince(0).labels()).containsExactly("10.0.0.1:6200/d1");
    assertThat(health.recoveredSince(health.recoveredSince(0).mark()).labels()).isEmpty();
  }

  @Test
  void aRefusalDoesNotMeanThatItIsDown() {
    health.failed(PEER, new ReplicaFault(ReplicaFault.Kind.PROTOCOL, "no such word"));
    health.failed(PEER, new ReplicaFault(ReplicaFault.Kind.STOPPED, "stopping"));
    assertThat(health.isUp(PEER)).isTrue();
  }

  @Test
  void probesComeLessAndLessOften() {
    health.failed(PEER, SILENT);
    int probes = 0;
    for (int second = 0; second < 300; second++) {
      after(1_000);
      probes += health.dueProbes().size();
    }
    assertThat(probes).isBetween(10, 16);
  }

  @Test
  void aDeviceThatFailsAgainSoonAfterItWasBackIsAskedLessOften() {
    Duration first = timeToProbe();
    health.answered(PEER);
    Duration second = timeToProbe();
    health.answered(PEER);
    after(120_000);
    Duration afterSteadyTime = timeToProbe();
    assertThat(second).isGreaterThan(first);
    assertThat(afterSteadyTime).isEqualTo(first);
  }

  private Duration timeToProbe() {
    health.failed(PEER, SILENT);
    Instant failed = now;
    while (health.dueProbes().isEmpty()) {
      after(500);
    }
    return Duration.between(failed, now);
  }

  @Test
  void aClockThatGoesBackDoesNotKeepADeviceFromBeingProbed() {
    health.failed(PEER, SILENT);
    now = now.minusSeconds(3600);
    assertThat(health.dueProbes()).containsExactly(PEER);
  }

  @Test
  void devicesThatNoRingNamesAreForgotten() {
    health.failed(PEER, SILENT);
    assertThat(health.down()).hasSize(1);
    health.keepOnly(List.of());
    assertThat(health.down()).isEmpty();
  }
}
