package org.martlet.role;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.ConfigFiles;
import org.martlet.common.config.ConfigException;
import org.martlet.common.config.ConfigTable;
import org.martlet.common.ring.RingFileException;

/// Looks at every file that a process would be started from, and tells of all that is wrong with
/// them at once.
final class FileCheck {
  private final List<String> problems = new ArrayList<>();

  /// Variables that are for no file.
  void environment(Map<String, String> environment) {
    try {
      ConfigFiles.checkEnvironment(environment);
    } catch (UserMistake e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  /// A file that has to be there.
  void file(Path file, Function<ConfigTable, ?> reader) {
    try {
      ConfigFiles.read(file, reader);
    } catch (ConfigException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  /// A file that may be missing.
  void optional(Path file, Function<ConfigTable, ?> reader) {
    if (ConfigFiles.isGiven(file)) {
      file(file, reader);
    }
  }

  /// The cluster's file and its rings.
  ///
  /// @return empty if something is wrong with them
  Optional<Cluster> cluster(Path file) {
    try {
      return Optional.of(Cluster.load(file));
    } catch (ConfigException | RingFileException e) {
      problems.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /// @throws UserMistake naming every problem, if there are any
  void finish() {
    if (!problems.isEmpty()) {
      throw new UserMistake(String.join("\n", problems));
    }
  }
}
