package org.martlet.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which cluster a command is about.
public final class ClusterFile {
  private static final Path EMBEDDED = Path.of("martlet-data", "etc", "cluster.toml");
  private static final Path INSTALLED = Path.of("/etc/martlet/cluster.toml");

  @Option(
      names = "--cluster",
      paramLabel = "FILE",
      description = {
        "The cluster's file. Default: that of a martlet up started here, else"
            + " /etc/martlet/cluster.toml."
      })
  private @Nullable Path file;

  /// The file that was given, or the one that is likely meant.
  public Path path() {
    if (file != null) {
      return file;
    }
    return Files.exists(EMBEDDED) ? EMBEDDED : INSTALLED;
  }
}
