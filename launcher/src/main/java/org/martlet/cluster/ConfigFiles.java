package org.martlet.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.martlet.UserMistake;
import org.martlet.common.config.ConfigException;
import org.martlet.common.config.ConfigReader;
import org.martlet.common.config.ConfigTable;
import org.martlet.common.config.LoadedConfig;
import org.martlet.common.config.Overrides;

/// The files that Martlet is configured by, and the environment variables that may take their place
/// (see [Overrides]).
public final class ConfigFiles {
  private static final List<String> NAMES =
      List.of(
          "cluster.toml",
          "proxy-server.toml",
          "object-server.toml",
          "container-server.toml",
          "replicator.toml");

  private ConfigFiles() {}

  /// Reads a file, and the variables that are for its name.
  public static <T> LoadedConfig<T> read(Path file, Function<ConfigTable, T> reader)
      throws ConfigException {
    return ConfigReader.read(file, overrides(file, System.getenv()), reader);
  }

  /// Whether there is the file, or a variable that is for it.
  public static boolean isGiven(Path file) {
    return Files.exists(file) || !overrides(file, System.getenv()).isEmpty();
  }

  private static Overrides overrides(Path file, Map<String, String> environment) {
    return Overrides.of(file.getFileName().toString(), environment);
  }

  /// Refuses variables that are for no file: they would be without effect.
  ///
  /// @throws UserMistake naming them
  public static void checkEnvironment(Map<String, String> environment) {
    List<String> unknown = Overrides.ofNoFile(NAMES, environment);
    if (!unknown.isEmpty()) {
      throw new UserMistake(
          "the environment has "
              + String.join(", ", unknown)
              + ", which is for no file: known are MARTLET_CLUSTER__…, MARTLET_PROXY_SERVER__…,"
              + " MARTLET_OBJECT_SERVER__…, MARTLET_CONTAINER_SERVER__… and MARTLET_REPLICATOR__…");
    }
  }
}
