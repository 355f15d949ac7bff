package org.martlet.common.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.CrashDisk;
import org.martlet.common.disk.CrashScript;
import org.martlet.common.disk.DiskFile;
import org.martlet.common.disk.PowerLoss;
import org.martlet.common.disk.PowerSwitch;

class LastPassTest {
  private static final Path ROOT = Path.of("/srv/d1");
  private static final Instant FIRST = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final Instant SECOND = FIRST.plus(Duration.ofDays(1));
  private static final RejoinRule WEEK = new RejoinRule(true, Duration.ofDays(7));

  private static LastPass on(CrashDisk disk) {
    return new LastPass(disk, ROOT, "object");
  }

  @Test
  void saysNothingBeforeItWasWrittenAndThenTheLast() throws IOException {
    CrashDisk disk = new CrashDisk(new PowerSwitch(), ROOT);
    assertThat(on(disk).read()).isEmpty();
    on(disk).write(FIRST);
    on(disk).write(SECOND);
    assertThat(on(disk).read()).contains(SECOND);
    assertThat(new LastPass(disk, ROOT, "container").read()).isEmpty();
  }

  /// Whatever of the unsynced writes a power loss keeps, at each call of a second write.
  @Test
  void aPowerLossLeavesTheOldOrTheNew() throws IOException {
    int call = 0;
    for (boolean ended = false; !ended; call++) {
      PowerSwitch power = new PowerSwitch();
      CrashDisk disk = new CrashDisk(power, ROOT);
      on(disk).write(FIRST);
      ended = writes(disk, power, power.calls() + call);
      power.cut();
      Optional<Instant> least = Optional.of(ended ? SECOND : FIRST);
      for (CrashScript script :
          CrashScript.around(choice -> disk.crash(choice, new PowerSwitch()))) {
        CrashDisk after = disk.crash(script.begin(), new PowerSwitch());
        assertThat(on(after).read()).as(script.name()).isIn(least, Optional.of(SECOND));
      }
      CrashDisk after = disk.crash(CrashChoice.keepNothing(), new PowerSwitch());
      on(after).write(SECOND);
      assertThat(on(after).read()).as("and it can be written again").contains(SECOND);
    }
    assertThat(call).isGreaterThan(4);
  }

  private static boolean writes(CrashDisk disk, PowerSwitch power, long cutAt) throws IOException {
    power.cutAt(cutAt);
    try {
      on(disk).write(SECOND);
      return true;
    } catch (PowerLoss e) {
      return false;
    }
  }

  @Test
  void aDeviceThatWasAwayTooLongIsRefusedWithTheWayOut() throws IOException {
    CrashDisk disk = new CrashDisk(new PowerSwitch(), ROOT);
    LastPass pass = on(disk);
    WEEK.check(pass, ROOT, FIRST);
    pass.write(FIRST);
    WEEK.check(pass, ROOT, FIRST.plus(Duration.ofDays(7)));
    Instant late = FIRST.plus(Duration.ofDays(7)).plusMillis(1);
    assertThatThrownBy(() -> WEEK.check(pass, ROOT, late))
        .isInstanceOf(DeviceRefused.class)
        .hasMessageContaining("rejoin-device --discard-stale /srv/d1")
        .hasMessageContaining("--trust")
        .hasMessageContaining("168 h");
    new RejoinRule(false, Duration.ofDays(7)).check(pass, ROOT, late);
    assertThat(pass.read()).contains(FIRST);
  }

  @Test
  void whatSaysNoMomentIsRefused() throws IOException {
    CrashDisk disk = new CrashDisk(new PowerSwitch(), ROOT);
    try (DiskFile file = disk.create(ROOT.resolve("object.last-pass"))) {
      file.write(ByteBuffer.wrap("yesterday".getBytes(StandardCharsets.UTF_8)), 0);
    }
    assertThatThrownBy(() -> WEEK.check(on(disk), ROOT, FIRST))
        .isInstanceOf(DeviceRefused.class)
        .hasMessageContaining("rejoin-device");
  }
}
