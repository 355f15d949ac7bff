package org.martlet.role;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.martlet.UserMistake;

/// Finds the devices of a storage server: the directories below one root.
final class DeviceDirectories {
  private DeviceDirectories() {}

  /// @param names only these; empty for all
  /// @throws UserMistake if the root cannot be read or a wanted device is not there
  static Map<String, Path> in(Path root, List<String> names) {
    Map<String, Path> found = all(root);
    if (names.isEmpty()) {
      if (found.isEmpty()) {
        throw new UserMistake(
            "there is no device in " + root + ": make a directory in it for each, or mount a disk");
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

  private static Map<String, Path> all(Path root) {
    Map<String, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, Files::isDirectory)) {
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
