package org.martlet.common.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.martlet.common.disk.FaultyDisk.Fault;

class FaultyDiskTest {
  private static final Path ROOT = Path.of("/device");
  private static final Path FILE = ROOT.resolve("f");
  private final CrashDisk inner = new CrashDisk(new PowerSwitch(), ROOT);
  private final FaultyDisk disk = new FaultyDisk(inner);

  @Test
  void failsTheCallThatItIsToldToAndNoOther() throws Exception {
    try (DiskFile file = disk.create(FILE)) {
      DiskInjection injection = disk.inject(DiskOperation.FORCE, Fault.IO_ERROR).atCall(2);

      file.force(false);
      assertThatThrownBy(() -> file.force(false)).isInstanceOf(DiskFault.class);
      file.force(false);
      assertThat(injection.matches()).isEqualTo(3);
    }
  }

  @Test
  void failsFromACallOnUntilItIsHealed() throws Exception {
    disk.inject(DiskOperation.CREATE, Fault.NO_SPACE).andAllAfter();

    assertThatThrownBy(() -> disk.create(FILE)).isInstanceOf(DiskFull.class);
    assertThatThrownBy(() -> disk.create(FILE)).isInstanceOf(DiskFull.class);
    disk.heal();
    disk.create(FILE).close();
    assertThat(disk.exists(FILE)).isTrue();
  }

  @Test
  void leavesOtherFilesAlone() throws Exception {
    disk.inject(DiskOperation.CREATE, FILE::equals, Fault.TOO_MANY_FILES);

    disk.create(ROOT.resolve("g")).close();
    assertThatThrownBy(() -> disk.create(FILE)).isInstanceOf(DiskOutOfHandles.class);
  }

  @Test
  void writesHalfBeforeAWriteFails() throws Exception {
    disk.inject(DiskOperation.WRITE, Fault.NO_SPACE);
    try (DiskFile file = disk.create(FILE)) {
      ByteBuffer[] parts = {ByteBuffer.allocate(10), ByteBuffer.allocate(20)};

      assertThatThrownBy(() -> file.write(parts, 0)).isInstanceOf(DiskFull.class);
      assertThat(file.size()).isEqualTo(15);
    }
  }

  @Test
  void hangsUntilItIsReleasedAndThenDoesItsWork() throws Exception {
    DiskInjection hang = disk.inject(DiskOperation.CREATE, Fault.HANG);
    CompletableFuture<Void> creating = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    disk.create(FILE).close();
                    creating.complete(null);
                  } catch (Exception e) {
                    creating.completeExceptionally(e);
                  }
                });

    assertThat(hang.awaitHang()).isTrue();
    assertThat(creating).isNotDone();
    assertThat(inner.exists(FILE)).isFalse();

    disk.heal();
    creating.get(10, TimeUnit.SECONDS);
    thread.join();
    assertThat(inner.exists(FILE)).isTrue();
  }

  @Test
  void givesWrongBytesOnceThoughTheRightOnesAreThere() throws Exception {
    DiskFile file = disk.create(FILE);
    file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
    disk.inject(DiskOperation.READ, FILE::equals, Fault.WRONG_BYTES);

    ByteBuffer first = ByteBuffer.allocate(3);
    assertThat(file.read(first, 0)).isEqualTo(3);
    ByteBuffer second = ByteBuffer.allocate(3);
    file.read(second, 0);

    assertThat(first.array()).containsExactly(1, 2, 2);
    assertThat(second.array()).containsExactly(1, 2, 3);
  }
}
