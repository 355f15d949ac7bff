package org.martlet.role;

import java.io.IOException;
import java.nio.file.Path;
import org.martlet.cluster.Cluster;
import org.martlet.containerserver.server.ContainerServerConfig;
import org.martlet.objectserver.server.ObjectServerConfig;

/// The services of one storage machine, from the files in one directory.
public final class StorageNode {
  private StorageNode() {}

  /// Starts object, container and account services; they are stopped with what is running.
  public static void start(Path directory, Cluster cluster, SharedRuntime runtime, Running running)
      throws IOException {
    ObjectServerConfig objects =
        ServerFiles.read(directory.resolve("object-server.toml"), ObjectServerConfig::read);
    ContainerServerConfig listings =
        ServerFiles.read(directory.resolve("container-server.toml"), ContainerServerConfig::read);
    running.add("container-server", ContainerService.start(listings, cluster, runtime));
    running.add("object-server", ObjectService.start(objects, cluster, runtime));
  }
}
