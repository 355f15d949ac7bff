package org.martlet.common.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RealDiskIT extends DiskContract {
  @TempDir private Path root;
  private final Disk disk = new RealDisk();

  @Override
  Disk disk() {
    return disk;
  }

  @Override
  Path root() {
    return root;
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void knowsTheTextOfAFullDevice() throws Exception {
    try (DiskFile file = disk.openForWrite(Path.of("/dev/full"))) {
      assertThatThrownBy(() -> file.write(ByteBuffer.allocate(10), 0))
          .isInstanceOf(DiskFull.class)
          .hasMessage("write /dev/full: No space left on device");
    }
  }

  @Test
  void callsAnInterruptABrokenRuleAndNotADiskFault() throws Exception {
    try (DiskFile file = disk.create(root.resolve("f"))) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), 0))
          .isInstanceOf(IllegalStateException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aSecondAttemptInThisProcessDoesNotGiveTheLockToOtherProcesses() throws Exception {
    Path file = root.resolve("lock");
    try (DiskLock lock = disk.tryLock(file).orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThat(LockHolder.isFreeForOthers(file)).as("locked").isFalse();
      assertThat(disk.tryLock(file)).isEmpty();
      Path otherName = Files.createSymbolicLink(root.resolve("link"), file);
      assertThat(disk.tryLock(otherName)).isEmpty();
      assertThat(LockHolder.isFreeForOthers(file)).as("still locked").isFalse();
    }
    assertThat(LockHolder.isFreeForOthers(file)).as("released").isTrue();
    disk.tryLock(file).orElseThrow().close();
  }
}
