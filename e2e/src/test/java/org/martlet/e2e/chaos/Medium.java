package org.martlet.e2e.chaos;

import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.martlet.e2e.Ext4Image;
import org.martlet.e2e.MartletProcess;

/// What a device is on: an ext4 in a file, where those can be mounted, else a plain directory.
final class Medium implements AutoCloseable {
  private static final long BYTES = 768L << 20;
  private static final String OPTIONS = "errors=remount-ro";

  private final Path file;
  private final Path mountPoint;
  private @Nullable Ext4Image image;

  private Medium(Path file, Path mountPoint) {
    this.file = file;
    this.mountPoint = mountPoint;
  }

  static Medium directory(Path directory) throws IOException {
    Files.createDirectories(directory);
    return new Medium(directory, directory);
  }

  static Medium image(Path file, Path mountPoint) throws IOException {
    Medium medium = new Medium(file, mountPoint);
    medium.image = Ext4Image.create(file, mountPoint, BYTES, OPTIONS);
    return medium;
  }

  Path path() {
    return mountPoint;
  }

  /// Leaves not one free block.
  void fill() {
    command(
        "sh", "-c", "cat /dev/zero > '" + filler() + "' 2>/dev/null; test -s '" + filler() + "'");
  }

  private Path filler() {
    return mountPoint.resolve("lost+found").resolve("filler");
  }

  /// For good: what fills the device may not be back after the next loss of power.
  void release() {
    try {
      Files.deleteIfExists(filler());
      try (FileChannel directory = FileChannel.open(filler().getParent(), READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The file system finds an error and goes read-only.
  void breakFileSystem() {
    try {
      Files.writeString(Path.of("/sys/fs/ext4", mounted().deviceName(), "trigger_fs_error"), "1");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Loses what was not synced. Nothing may have a file open afterwards.
  void cutPower() {
    mounted().cutPower();
    remount();
  }

  /// As after the disk was looked at: checked and mounted again.
  void remount() {
    mounted().unmount();
    MartletProcess.Finished checked =
        MartletProcess.run(List.of("e2fsck", "-p", file.toString()), null);
    if (checked.exitCode() > 1) {
      throw new IllegalStateException("e2fsck " + file + " printed: " + checked.output());
    }
    mounted().mount();
  }

  /// A new, empty disk at the same place.
  void replace() throws IOException {
    if (image == null) {
      empty();
      return;
    }
    image.unmount();
    Files.delete(file);
    image = Ext4Image.create(file, mountPoint, BYTES, OPTIONS);
  }

  private void empty() throws IOException {
    try (Stream<Path> all = Files.walk(mountPoint)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(mountPoint)) {
          Files.delete(path);
        }
      }
    }
  }

  private Ext4Image mounted() {
    if (image == null) {
      throw new IllegalStateException(mountPoint + " is a plain directory");
    }
    return image;
  }

  private static void command(String... command) {
    MartletProcess.Finished finished = MartletProcess.run(List.of(command), null);
    if (finished.exitCode() != 0) {
      throw new IllegalStateException(List.of(command) + " printed: " + finished.output());
    }
  }

  @Override
  public void close() {
    if (image != null) {
      image.close();
    }
  }
}
