package org.martlet.role;

import java.io.IOException;
import java.nio.file.Path;
import org.martlet.cluster.Cluster;
import org.martlet.containerserver.server.ContainerServerConfig;
import org.martlet.objectserver.server.ObjectServerConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `martlet node`: a storage node in one process.
@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    description = "Serve objects, containers and accounts of this machine in one process.")
public final class NodeCommand extends ServerCommand {
  @Parameters(
      paramLabel = "DIRECTORY",
      defaultValue = "/etc/martlet",
      description = {
        "Where object-server.toml, container-server.toml and cluster.toml are;",
        "default: ${DEFAULT-VALUE}."
      })
  private Path directory = Path.of("/etc/martlet");

  @Override
  Path configDirectory() {
    return directory.toAbsolutePath();
  }

  @Override
  void check(FileCheck files) {
    Path of = configDirectory();
    files.file(of.resolve("object-server.toml"), ObjectServerConfig::read);
    files.file(of.resolve("container-server.toml"), ContainerServerConfig::read);
    files.optional(of.resolve("replicator.toml"), BackgroundConfig::read);
  }

  @Override
  void start(Cluster cluster, SharedRuntime runtime, Running running) throws IOException {
    StorageNode.start(configDirectory(), cluster, runtime, running);
  }
}
