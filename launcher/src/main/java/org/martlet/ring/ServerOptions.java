package org.martlet.ring;

import java.nio.file.Path;
import java.util.List;
import org.martlet.UserMistake;
import org.martlet.cluster.ClusterFile;
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

  /// @throws UserMistake if one is no address
  List<Endpoint> servers() {
    return servers.stream().map(ServerOptions::endpoint).toList();
  }

  private static Endpoint endpoint(String text) {
    int colon = text.lastIndexOf(':');
    try {
      String host = text.substring(0, colon);
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      return new Endpoint(
          bracketed ? host.substring(1, host.length() - 1) : host,
          Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new UserMistake("--server " + text + ": not of the form HOST:PORT", e);
    }
  }
}
