package org.martlet.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.martlet.terminal.Paint;

final class WarningsTest {
  private static final Instant NOW = Instant.parse(Samples.NOW);
  private static final ClusterStatus.Outbox EMPTY = new ClusterStatus.Outbox(0, 0, 0);

  private static ClusterStatus judged(ClusterStatus status) {
    return new Warnings(status, List.of(), NOW).added();
  }

  @Test
  void aClusterWithoutFaultsIsHealthyAndHasNoWarnings() {
    ClusterStatus status = judged(Samples.well());
    assertThat(status.healthy()).isTrue();
    assertThat(status.warnings()).isEmpty();
  }

  @Test
  void aNodeThatDoesNotAnswerComesFirstAndSaysWhatToDo() {
    ClusterStatus status =
        judged(
            Samples.status(
                List.of(
                    Samples.node("n1:6200", null), Samples.node("n2:6200", "connection refused")),
                List.of(),
                List.of(new ClusterStatus.RingState("object", 4, 3, true, List.of(), false)),
                List.of(),
                EMPTY));
    assertThat(status.healthy()).isFalse();
    assertThat(status.warnings().getFirst().level()).isEqualTo(ClusterStatus.Level.CRITICAL);
    assertThat(status.warnings().getFirst().problem())
        .contains("does not answer", "object 6200", "connection refused");
    assertThat(status.warnings().getFirst().advice()).contains("start it");
    assertThat(status.warnings().getLast().level()).isEqualTo(ClusterStatus.Level.NOTE);
  }

  @ParameterizedTest
  @CsvSource({
    "online, true",
    "unknown, true",
    "low_space, false",
    "full, false",
    "hung, false",
    "offline, false",
    "refused, false",
    "no_answer, false",
    "not_mounted, false",
    "missing, false",
    "something new, false"
  })
  void aDeviceThatDoesNotServeIsToldWhateverItsStateIsCalled(String state, boolean well) {
    ClusterStatus status =
        judged(
            Samples.status(
                List.of(),
                List.of(Samples.device("n1:6200", "d1", state, null)),
                List.of(),
                List.of(),
                EMPTY));
    assertThat(status.healthy()).isEqualTo(well);
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0, true", "0.91, 1, true", "0.96, 1, false"})
  void aDeviceThatFillsIsNotedAndThenWarnedOf(double fill, int warnings, boolean healthy) {
    ClusterStatus.DiskSize disk = new ClusterStatus.DiskSize(100, 50, 50, fill, "");
    ClusterStatus status =
        judged(
            Samples.status(
                List.of(),
                List.of(Samples.device("n1:6200", "d1", "online", disk)),
                List.of(),
                List.of(),
                EMPTY));
    assertThat(status.warnings()).hasSize(warnings);
    assertThat(status.healthy()).isEqualTo(healthy);
  }

  @Test
  void aServerWithAnotherRingOfTheSameVersionIsGraverThanOneThatLags() {
    ClusterStatus.RingState ring =
        new ClusterStatus.RingState(
            "object",
            4,
            4,
            true,
            List.of(
                new ClusterStatus.Lag("n1:6200", 3, false),
                new ClusterStatus.Lag("n2:6200", 4, true)),
            false);
    ClusterStatus status =
        judged(Samples.status(List.of(), List.of(), List.of(ring), List.of(), EMPTY));
    assertThat(status.warnings())
        .extracting(ClusterStatus.Warning::level)
        .containsExactly(ClusterStatus.Level.CRITICAL, ClusterStatus.Level.WARNING);
  }

  @Test
  void whatAServerDoesNotTellIsNotTakenForWell() {
    for (Warnings.Silence.Of of : Warnings.Silence.Of.values()) {
      Warnings.Silence silence = new Warnings.Silence("n1:6200", of, "no whole answer in time");
      ClusterStatus status = new Warnings(Samples.well(), List.of(silence), NOW).added();
      assertThat(status.healthy()).as("%s", of).isFalse();
      assertThat(status.warnings())
          .singleElement()
          .extracting(ClusterStatus.Warning::problem)
          .asString()
          .contains("does not tell", "no whole answer in time");
    }
  }

  @Test
  void aDeviceThatServesFromADiskThatIsGoneIsToldOf() {
    ClusterStatus.Device well = Samples.device("n1:6200", "d1", "online", null);
    ClusterStatus.Device device =
        new ClusterStatus.Device(
            "n1:6200",
            "d1",
            1,
            1,
            100,
            "online",
            "its directory is no longer a mount point",
            null,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            null,
            null,
            null,
            null,
            List.of());
    assertThat(
            judged(Samples.status(List.of(), List.of(device), List.of(), List.of(), EMPTY))
                .healthy())
        .isFalse();
    assertThat(
            judged(Samples.status(List.of(), List.of(well), List.of(), List.of(), EMPTY)).healthy())
        .isTrue();
  }

  @Test
  void aFileOfThisMachineThatDiffersDoesNotBlameTheServers() {
    ClusterStatus.RingState ring =
        new ClusterStatus.RingState("object", 4, 4, true, List.of(), true);
    assertThat(judged(ofRing(ring)).warnings())
        .singleElement()
        .extracting(ClusterStatus.Warning::about)
        .isEqualTo("this machine");
  }

  @ParameterizedTest
  @CsvSource({"3, ring pull", "5, ring push"})
  void aRingThatOnlyOneSideHasIsBroughtToTheOther(long here, String advice) {
    ClusterStatus.RingState ring =
        new ClusterStatus.RingState("object", 4, here, true, List.of(), false);
    assertThat(judged(ofRing(ring)).warnings())
        .singleElement()
        .extracting(ClusterStatus.Warning::advice)
        .asString()
        .contains(advice);
  }

  @Test
  void aServerThatDoesNotKnowARingIsToldOf() {
    ClusterStatus.RingState ring =
        new ClusterStatus.RingState(
            "object-1", 4, 4, true, List.of(new ClusterStatus.Lag("n1:6200", -1, false)), false);
    assertThat(judged(ofRing(ring)).warnings())
        .singleElement()
        .extracting(ClusterStatus.Warning::problem)
        .isEqualTo("it does not know the ring object-1");
  }

  private static ClusterStatus ofRing(ClusterStatus.RingState ring) {
    return Samples.status(List.of(), List.of(), List.of(ring), List.of(), EMPTY);
  }

  @ParameterizedTest
  @CsvSource({"3600, 0", "90000, 1"})
  void aDeviceThatNeverCompletedAPassIsOverdueAfterADay(long uptime, int warnings) {
    ClusterStatus.Node node =
        new ClusterStatus.Node(
            "n1:6200", List.of("object 6200"), true, null, "1.0", uptime, null, 0.1);
    ClusterStatus.Pass pass =
        new ClusterStatus.Pass(
            "n1:6200", "d1", "object", 3, "idle", 5, 2, 10L, 0, 0, 0, 0, 0, 0, 0, null, List.of(),
            List.of());
    assertThat(
            judged(Samples.status(List.of(node), List.of(), List.of(), List.of(pass), EMPTY))
                .warnings())
        .hasSize(warnings);
  }

  @Test
  void passesThatFailOnTheirOwnDeviceAreWarnedOf() {
    ClusterStatus status =
        judged(
            Samples.status(
                List.of(),
                List.of(),
                List.of(),
                List.of(Samples.pass("idle", List.of("this device: read failed"), List.of())),
                EMPTY));
    assertThat(status.healthy()).isFalse();
  }

  @Test
  void pausedReplicationAndAnOldOutboxAreWarnedOf() {
    ClusterStatus status =
        judged(
            Samples.status(
                List.of(),
                List.of(),
                List.of(),
                List.of(Samples.pass("idle", List.of("paused"), List.of())),
                new ClusterStatus.Outbox(0, 5, 900)));
    assertThat(status.warnings())
        .extracting(ClusterStatus.Warning::advice)
        .contains("martlet replication resume");
    assertThat(status.warnings())
        .extracting(ClusterStatus.Warning::problem)
        .anyMatch(problem -> problem.contains("5 listing updates are due, the oldest for 15 min"));
  }

  @Test
  void peersThatWereNotReachedAreOnlyNotedWhereAllAnswerAgain() {
    List<ClusterStatus.Pass> passes =
        List.of(Samples.pass("idle", List.of(), List.of("n2:6200/d1: connection refused")));
    ClusterStatus.Node up = Samples.node("n1:6200", null);
    ClusterStatus passing =
        judged(Samples.status(List.of(up), List.of(), List.of(), passes, EMPTY));
    assertThat(passing.healthy()).isTrue();
    assertThat(passing.warnings()).hasSize(1);
    ClusterStatus.Node down = Samples.node("n2:6200", "connection refused");
    ClusterStatus lasting =
        judged(Samples.status(List.of(up, down), List.of(), List.of(), passes, EMPTY));
    assertThat(lasting.warnings())
        .extracting(ClusterStatus.Warning::level)
        .containsExactly(ClusterStatus.Level.CRITICAL, ClusterStatus.Level.WARNING);
  }

  @Test
  void whatServersSayCannotMoveTheCursor() {
    ClusterStatus status =
        judged(
            Samples.status(
                List.of(Samples.node("n2:6200", "\u001b[2Jgone")),
                List.of(),
                List.of(),
                List.of(),
                EMPTY));
    assertThat(new StatusSheet(status, null, new Paint(false)).text())
        .contains("\\x1b[2Jgone")
        .doesNotContain("\u001b");
  }

  @Test
  void ratesAreThoseBetweenTwoLooks() {
    ClusterStatus before = Samples.well();
    ClusterStatus after =
        new ClusterStatus(
            1,
            "2026-11-23T10:00:02Z",
            true,
            List.of(),
            before.nodes(),
            List.of(
                new ClusterStatus.Device(
                    "n1:6200", "d1", 1, 1, 100, "online", null, null, 30, 1000, 0, 10_192, 0, 0, 0,
                    0, null, null, null, null, List.of())),
            List.of(),
            before.rings(),
            before.replication(),
            List.of(),
            List.of(),
            new ClusterStatus.Outbox(0, 4, 1),
            before.capacity());
    Rates rates = Rates.between(before, after);
    assertThat(rates).isEqualTo(new Rates(2, 10, 4096, 0, 2));
    assertThat(new StatusSheet(after, rates, new Paint(false)).line())
        .startsWith("2026-11-23T10:00:02Z healthy nodes=1/1 devices=1/1")
        .contains("+10.0 copies/s, 4.0 KiB/s written for users");
    assertThat(Rates.between(null, after)).isNull();
  }
}
