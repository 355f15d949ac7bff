package org.martlet.role;

import java.io.IOException;
import java.nio.file.Path;
import org.martlet.Version;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.RingMoves;
import org.martlet.proxyserver.ProxyServer;
import org.martlet.proxyserver.ProxyServerConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `martlet proxy-server`.
@Command(
    name = "proxy-server",
    mixinStandardHelpOptions = true,
    description = "Serve the public API.")
public final class ProxyServerCommand extends ServerCommand {
  @Parameters(
      paramLabel = "CONFIG",
      defaultValue = "/etc/martlet/proxy-server.toml",
      description = "The server's file; default: ${DEFAULT-VALUE}.")
  private Path config = Path.of("/etc/martlet/proxy-server.toml");

  @Override
  Path configDirectory() {
    return directoryOf(config);
  }

  @Override
  void check(FileCheck files) {
    files.file(config, ProxyServerConfig::read);
  }

  @Override
  void start(Cluster cluster, SharedRuntime runtime, Running running) throws IOException {
    LiveFiles.LiveFile<ProxyServerConfig> file =
        runtime.configuration().read(config, ProxyServerConfig::read);
    runtime.rings().reportedBy(RingMoves.NO_DEVICES);
    ProxyService.startMetrics(file.config(), runtime, running);
    ProxyServer proxy = ProxyService.start(file.config(), cluster, runtime, Version.text());
    file.onChange(ReloadedKeys.PROXY, proxy::change);
    running.addPublic("proxy-server", proxy, proxy.http());
  }
}
