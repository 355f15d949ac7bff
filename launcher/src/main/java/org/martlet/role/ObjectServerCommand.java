package org.martlet.role;

import java.io.IOException;
import java.nio.file.Path;
import org.martlet.cluster.Cluster;
import org.martlet.objectserver.server.ObjectServerConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `martlet object-server`.
@Command(
    name = "object-server",
    mixinStandardHelpOptions = true,
    description = "Serve the objects on the devices of this machine.",
    subcommands = RebuildIndexCommand.class)
public final class ObjectServerCommand extends ServerCommand {
  @Parameters(
      paramLabel = "CONFIG",
      defaultValue = "/etc/martlet/object-server.toml",
      description = "The server's file; default: ${DEFAULT-VALUE}.")
  private Path config = Path.of("/etc/martlet/object-server.toml");

  @Override
  Path configDirectory() {
    return directoryOf(config);
  }

  @Override
  void check(FileCheck files) {
    files.file(config, ObjectServerConfig::read);
    files.optional(configDirectory().resolve("replicator.toml"), BackgroundConfig::read);
  }

  @Override
  void start(Cluster cluster, SharedRuntime runtime, Running running) throws IOException {
    StorageNode.startObjects(config, cluster, runtime, running);
  }
}
