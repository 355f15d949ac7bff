package org.martlet.role;

import java.nio.file.Path;
import java.util.function.Function;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.ConfigFiles;
import org.martlet.common.config.ConfigException;
import org.martlet.common.config.ConfigTable;
import org.martlet.common.config.LoadedConfig;
import org.martlet.common.ring.RingFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the files that a process is started from; what is wrong in them is the user's to mend.
public final class ServerFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ServerFiles.class);

  private ServerFiles() {}

  /// Reads a server's file and logs what is in force, secrets hidden.
  ///
  /// @throws UserMistake listing every problem
  public static <T> T read(Path file, Function<ConfigTable, T> reader) {
    try {
      LoadedConfig<T> loaded = ConfigFiles.read(file, reader);
      LOG.info("{} in force:\n{}", file, loaded.effective());
      return loaded.config();
    } catch (ConfigException e) {
      throw new UserMistake(String.valueOf(e.getMessage()), e);
    }
  }

  /// Reads from the cluster's file which cluster it is of; needs no rings.
  ///
  /// @throws UserMistake if it is missing or wrong
  static String clusterId(Path file) {
    try {
      return Cluster.id(file);
    } catch (ConfigException e) {
      throw new UserMistake(String.valueOf(e.getMessage()), e);
    }
  }

  /// Reads the cluster's file and its rings.
  ///
  /// @throws UserMistake if one of them is missing or wrong
  public static Cluster cluster(Path file) {
    try {
      return Cluster.load(file);
    } catch (ConfigException | RingFileException e) {
      throw new UserMistake(String.valueOf(e.getMessage()), e);
    }
  }
}
