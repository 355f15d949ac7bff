package org.martlet.ring;

import java.nio.file.Path;
import java.util.List;
import org.martlet.cluster.ClusterFile;
import org.martlet.cluster.NodeClient;
import org.martlet.common.http.Endpoint;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which cluster a command is about, and servers that no ring names.
final class ServerOptions {
  @Mixin private ClusterFile cluster = new ClusterFile();

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description = "A server that no ring names, e.g. a proxy; may be given again.")
  private List<String> servers = List.of();

  Path clusterFile() {
    return cluster.path();
  }

  /// @throws org.martlet.UserMistake if one is no address
  List<Endpoint> servers() {
    return servers.stream().map(NodeClient::endpoint).toList();
  }
}
