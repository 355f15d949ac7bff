package org.martlet.common.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskFile;

/// The file `<service>.last-pass` of a device: when what the service keeps there was last compared
/// with all who keep the same.
///
/// - Shape: the moment in ISO-8601, UTC, and a line feed. Missing: never yet.
/// - Threads: any; blocks on the device.
public final class LastPass {
  /// What the names of these files end with.
  public static final String SUFFIX = ".last-pass";

  private static final int MAX_BYTES = 100;

  private final Disk disk;
  private final Path root;
  private final String name;

  /// @param root the device's directory
  /// @param service whose file it is: `object`, `container`, `account`
  public LastPass(Disk disk, Path root, String service) {
    this.disk = disk;
    this.root = root;
    this.name = service + SUFFIX;
  }

  /// When that was; empty if it never was.
  ///
  /// @throws DeviceRefused if the file says no moment
  /// @throws IOException if the disk fails
  public Optional<Instant> read() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
    try (DiskFile file = disk.openForRead(root.resolve(name))) {
      file.read(bytes, 0);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString().strip();
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      throw new DeviceRefused(
          root.resolve(name) + " says no moment; " + RejoinRule.howToRejoin(root));
    }
  }

  /// Replaces what the file says.
  ///
  /// - Durability: on stable storage on return; a crash before leaves the old or the new.
  public synchronized void write(Instant moment) throws IOException {
    Path fresh = root.resolve(name + ".new");
    disk.delete(fresh);
    try (DiskFile file = disk.create(fresh)) {
      file.write(ByteBuffer.wrap((moment + "\n").getBytes(StandardCharsets.UTF_8)), 0);
      file.force(true);
    } catch (FileAlreadyExistsException e) {
      throw new DeviceRefused(fresh + " is being written by somebody else");
    }
    disk.rename(fresh, root.resolve(name));
    disk.syncDirectory(root);
  }
}
