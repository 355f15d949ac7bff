package org.martlet.common.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskFaultTest {
  private static final Path FILE = Path.of("/device/volume-1");

  @Test
  void saysWhatFailedOnWhatFileAndWhy() {
    DiskFault fault =
        DiskFault.of(DiskOperation.FORCE, FILE, new IOException("Input/output error"));

    assertThat(fault).hasMessage("fsync /device/volume-1: Input/output error");
    assertThat(fault.operation()).isEqualTo(DiskOperation.FORCE);
    assertThat(fault.path()).isEqualTo(FILE);
    assertThat(fault.getClass()).isEqualTo(DiskFault.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"No space left on device", "Disk quota exceeded"})
  void tellsAFullDiskFromABrokenOne(String text) {
    assertThat(DiskFault.of(DiskOperation.WRITE, FILE, new IOException(text)))
        .isInstanceOf(DiskFull.class);
    assertThat(
            DiskFault.of(
                DiskOperation.CREATE, FILE, new FileSystemException(FILE.toString(), null, text)))
        .isInstanceOf(DiskFull.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Too many open files", "Too many open files in system"})
  void tellsAProcessOutOfHandlesFromABrokenDisk(String text) {
    assertThat(DiskFault.of(DiskOperation.OPEN, FILE, new IOException(text)))
        .isInstanceOf(DiskOutOfHandles.class);
  }

  @Test
  void isNotFooledByAFileNamedLikeAnError() {
    Path named = Path.of("/device/No space left on device");

    assertThat(
            DiskFault.of(
                DiskOperation.OPEN,
                named,
                new FileSystemException(named.toString(), null, "Input/output error")))
        .isNotInstanceOf(DiskFull.class);
  }

  @Test
  void namesTheExceptionWhereThereIsNoText() {
    assertThat(DiskFault.of(DiskOperation.OPEN, FILE, new AccessDeniedException(FILE.toString())))
        .hasMessage("open /device/volume-1: AccessDeniedException");
  }
}
