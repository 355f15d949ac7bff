package org.martlet.role;

import java.io.IOException;
import java.nio.file.Path;
import org.martlet.cluster.Cluster;
import org.martlet.containerserver.server.ContainerServerConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `martlet container-server`.
@Command(
    name = "container-server",
    mixinStandardHelpOptions = true,
    description = "Serve the container and account listings on the devices of this machine.")
public final class ContainerServerCommand extends ServerCommand {
  @Parameters(
      paramLabel = "CONFIG",
      defaultValue = "/etc/martlet/container-server.toml",
      description = "The server's file; default: ${DEFAULT-VALUE}.")
  private Path config = Path.of("/etc/martlet/container-server.toml");

  @Override
  Path configDirectory() {
    return directoryOf(config);
  }

  @Override
  void check(FileCheck files) {
    files.file(config, ContainerServerConfig::read);
    files.optional(configDirectory().resolve("replicator.toml"), BackgroundConfig::read);
  }

  @Override
  void start(Cluster cluster, SharedRuntime runtime, Running running) throws IOException {
    StorageNode.startListings(config, cluster, runtime, running);
  }
}
