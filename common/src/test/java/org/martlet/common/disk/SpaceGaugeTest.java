package org.martlet.common.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.martlet.common.disk.FaultyDisk.Fault;
import org.martlet.common.disk.SpaceGauge.Level;
import org.martlet.common.runtime.ManualClock;

class SpaceGaugeTest {
  private static final Path ROOT = Path.of("/d");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final CrashDisk files = new CrashDisk(new PowerSwitch(), ROOT);
  private final FaultyDisk disk = new FaultyDisk(files);
  private final ManualClock clock = new ManualClock();
  private final SpaceGauge gauge = new SpaceGauge(disk, ROOT, SpaceMarks.ofPercent(10, 1), clock);

  @BeforeEach
  void setUp() throws Exception {
    files.capacity(10_000);
    DiskFile file = files.create(ROOT.resolve("f"));
    file.write(ByteBuffer.allocate(1_000), 0);
    file.close();
  }

  @Test
  void showsTheLastMeasureAndNothingBeforeIt() {
    assertThat(gauge.lastSpace()).isEmpty();
    assertThat(gauge.level()).isEqualTo(Level.AMPLE);
    assertThat(gauge.lastSpace()).contains(new DiskSpace(9_000, 10_000));
    gauge.foundFull();
    assertThat(gauge.lastSpace()).contains(new DiskSpace(9_000, 10_000));
  }

  @Test
  void tellsTheLevelAndTheRoomAboveTheReserve() {
    assertThat(gauge.level()).isEqualTo(Level.AMPLE);
    assertThat(gauge.letIn(8_000)).isTrue();
    assertThat(gauge.letIn(8_001)).isFalse();
    files.capacity(1_050);
    clock.advance(SECOND);
    assertThat(gauge.level()).isEqualTo(Level.LOW);
    files.capacity(1_005);
    clock.advance(SECOND);
    assertThat(gauge.level()).isEqualTo(Level.FULL);
  }

  @Test
  void aBurstBetweenTwoMeasuresLeavesTheReserve() {
    assertThat(gauge.level()).isEqualTo(Level.AMPLE);
    assertThat(gauge.letIn(5_000)).isTrue();
    assertThat(gauge.letIn(5_000)).as("there is room for 8000 only").isFalse();
    assertThat(gauge.letIn(3_000)).isTrue();
    assertThat(gauge.letIn(1)).isFalse();
    clock.advance(SECOND);
    assertThat(gauge.level()).isEqualTo(Level.AMPLE);
    assertThat(gauge.letIn(5_000)).as("none of it was written").isTrue();
  }

  @Test
  void spaceIsShortBeforeTheReserveIsReached() {
    files.capacity(1_260);
    assertThat(gauge.level()).isEqualTo(Level.AMPLE);
    assertThat(gauge.isShort(0)).as("twice the reserve and a little are free").isFalse();
    assertThat(gauge.isShort(135)).as("but less than is needed").isTrue();
    assertThat(gauge.roomAtAll()).isEqualTo(260 - 12);
    files.capacity(1_240);
    clock.advance(SECOND);
    assertThat(gauge.level()).isEqualTo(Level.AMPLE);
    assertThat(gauge.isShort(0)).isTrue();
  }

  @Test
  void measuresAtOnceWhereSpaceWasGivenBack() {
    files.capacity(1_050);
    assertThat(gauge.level()).isEqualTo(Level.LOW);
    files.capacity(10_000);
    assertThat(gauge.level()).isEqualTo(Level.LOW);
    gauge.foundMore();
    assertThat(gauge.level()).isEqualTo(Level.AMPLE);
  }

  @Test
  void asksTheDeviceOnceASecond() {
    DiskInjection calls = disk.inject(DiskOperation.SPACE, Fault.IO_ERROR).atCall(0);
    for (int i = 0; i < 100; i++) {
      gauge.level();
    }
    assertThat(calls.matches()).isEqualTo(1);
    clock.advance(SECOND);
    gauge.level();
    assertThat(calls.matches()).isEqualTo(2);
  }

  @Test
  void goesOnWithTheLastMeasureWhileTheDeviceHangsOrFails() throws Exception {
    assertThat(gauge.level()).isEqualTo(Level.AMPLE);
    clock.advance(SECOND);
    DiskInjection hang = disk.inject(DiskOperation.SPACE, Fault.HANG);
    files.capacity(1_000);
    CompletableFuture<Level> first = CompletableFuture.supplyAsync(gauge::level);
    assertThat(hang.awaitHang()).isTrue();
    assertThat(gauge.level()).isEqualTo(Level.AMPLE);
    hang.release();
    assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(Level.FULL);
    files.capacity(10_000);
    disk.inject(DiskOperation.SPACE, Fault.IO_ERROR);
    clock.advance(SECOND);
    assertThat(gauge.level()).isEqualTo(Level.FULL);
    clock.advance(SECOND);
    assertThat(gauge.level()).isEqualTo(Level.AMPLE);
  }

  @Test
  void isFullWhereAWriteFoundItSoUntilTheNextMeasure() {
    gauge.foundFull();
    assertThat(gauge.level()).isEqualTo(Level.FULL);
    clock.advance(SECOND);
    assertThat(gauge.level()).isEqualTo(Level.AMPLE);
  }
}
