package org.martlet.role;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.martlet.UserMistake;
import org.martlet.common.disk.Disk;
import org.martlet.recon.DiskUses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the devices of a storage server: the directories below one root.
///
/// A directory whose disk is not mounted is left out, with a line in the log: the server answers
/// for it with 507, and serves the others.
final class DeviceDirectories {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceDirectories.class);

  private DeviceDirectories() {}

  /// What there is.
  ///
  /// @param devices to be opened, by name
  /// @param refused the others, each with the reason
  record Found(Map<String, Path> devices, Map<String, String> refused) {}

  /// @param names only these; empty for all
  /// @param mountCheck whether to leave out what is not the mount point of a disk
  /// @throws UserMistake if the root cannot be read, a wanted device is not there, or none is left
  static Found in(Path root, List<String> names, boolean mountCheck) {
    Map<String, Path> found = wanted(root, names);
    if (!mountCheck) {
      return new Found(found, Map.of());
    }
    Map<String, Path> mounted = new TreeMap<>();
    Map<String, String> refused = new TreeMap<>();
    found.forEach(
        (name, directory) ->
            whyRefused(directory)
                .ifPresentOrElse(
                    why -> refused.put(name, why), () -> mounted.put(name, directory)));
    refused.forEach((name, why) -> LOG.error("device {} is not served: {}", name, why));
    if (mounted.isEmpty()) {
      throw new UserMistake(
          "no disk is mounted on "
              + String.join(", ", found.keySet())
              + " in "
              + root
              + ": mount them, or say mount_check = false if devices are plain directories here");
    }
    return new Found(mounted, refused);
  }

  /// Measures the file systems of what was found.
  static DiskUses uses(Path root, Found found, boolean mountCheck, Disk disk) {
    Set<String> names = new TreeSet<>(found.devices().keySet());
    names.addAll(found.refused().keySet());
    return new DiskUses(
        root,
        names,
        disk,
        mountCheck ? DeviceDirectories::isMountPoint : Files::isDirectory,
        System::nanoTime);
  }

  private static Optional<String> whyRefused(Path directory) {
    try {
      return isMountPoint(directory)
          ? Optional.empty()
          : Optional.of("no disk is mounted on " + directory);
    } catch (IOException e) {
      return Optional.of(String.valueOf(e));
    }
  }

  /// Whether a directory, links followed, is on another file system than the one it is in.
  static boolean isMountPoint(Path directory) throws IOException {
    Path real = directory.toRealPath();
    Path parent = real.getParent();
    return parent == null || !fileSystem(real).equals(fileSystem(parent));
  }

  private static Object fileSystem(Path path) throws IOException {
    return Files.getAttribute(path, "unix:dev");
  }

  private static Map<String, Path> wanted(Path root, List<String> names) {
    Map<String, Path> found = all(root);
    if (names.isEmpty()) {
      if (found.isEmpty()) {
        throw new UserMistake(
            "there is no device in "
                + root
                + ": make a directory in it for each, mount a disk on it");
      }
      return found;
    }
    for (String name : names) {
      if (!found.containsKey(name)) {
        throw new UserMistake("device " + name + " is not in " + root);
      }
    }
    found.keySet().retainAll(names);
    return found;
  }

  /// What is no file; a directory of a disk that is broken does not even say that it is one.
  private static Map<String, Path> all(Path root) {
    Map<String, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(root, entry -> !Files.isRegularFile(entry))) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".") && !name.equals("lost+found")) {
          found.put(name, entry);
        }
      }
    } catch (IOException e) {
      throw new UserMistake("cannot read the devices in " + root + ": " + e, e);
    }
    return found;
  }
}
