package org.martlet.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.UserMistake;

class DeviceDirectoriesTest {
  /// A mount point that every Linux has.
  private static final Path MOUNTED = Path.of("/proc");

  @TempDir private Path root;

  @BeforeEach
  void makeUnmounted() throws IOException {
    Files.createDirectory(root.resolve("unmounted"));
    Files.createDirectory(root.resolve(".hidden"));
    Files.writeString(root.resolve("file"), "no device");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void leavesOutADirectoryOnWhichNoDiskIsMounted() throws IOException {
    Files.createSymbolicLink(root.resolve("mounted"), MOUNTED);

    assertThat(DeviceDirectories.in(root, List.of(), true).devices()).containsOnlyKeys("mounted");
    assertThat(DeviceDirectories.in(root, List.of(), true).refused())
        .as("with its reason")
        .containsOnlyKeys("unmounted")
        .hasEntrySatisfying("unmounted", why -> assertThat(why).contains("no disk is mounted"));
    assertThat(DeviceDirectories.in(root, List.of(), false).devices())
        .containsOnlyKeys("mounted", "unmounted");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void leavesOutADeviceWhoseDirectoryCannotBeReached() throws IOException {
    Files.createSymbolicLink(root.resolve("mounted"), MOUNTED);
    Files.createSymbolicLink(root.resolve("broken"), root.resolve("nowhere"));

    assertThat(DeviceDirectories.in(root, List.of(), true).devices()).containsOnlyKeys("mounted");
  }

  @Test
  void refusesToStartWithoutAnyMountedDisk() {
    assertThatThrownBy(() -> DeviceDirectories.in(root, List.of(), true))
        .isInstanceOf(UserMistake.class)
        .hasMessageContaining("unmounted")
        .hasMessageContaining("mount_check = false");
  }

  @Test
  void takesPlainDirectoriesWhereMountsAreNotChecked() {
    assertThat(DeviceDirectories.in(root, List.of("unmounted"), false).devices())
        .containsOnlyKeys("unmounted");
  }

  @Test
  void refusesADeviceThatIsNotThere() {
    assertThatThrownBy(() -> DeviceDirectories.in(root, List.of("d9"), false))
        .isInstanceOf(UserMistake.class)
        .hasMessageContaining("device d9 is not in");
  }
}
