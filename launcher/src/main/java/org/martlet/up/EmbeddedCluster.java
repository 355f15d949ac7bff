package org.martlet.up;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.martlet.Logging;
import org.martlet.UserMistake;
import org.martlet.Version;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.RingFetching;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.common.model.ByteSize;
import org.martlet.log.ProcessLog;
import org.martlet.proxyserver.ProxyServer;
import org.martlet.proxyserver.ProxyServerConfig;
import org.martlet.role.ProxyService;
import org.martlet.role.Running;
import org.martlet.role.ServerFiles;
import org.martlet.role.SharedRuntime;
import org.martlet.role.StorageNode;

/// A proxy and a storage node in this process, over one data directory.
final class EmbeddedCluster {
  /// Less memory than a storage machine's own process would take: this one shares a laptop.
  private static final KeyValueConfig MEMORY =
      new KeyValueConfig(ByteSize.ofMiB(96), ByteSize.ofMiB(48), 2, 256);

  private static final ByteSize LEAST_SPACE = ByteSize.ofMiB(64);

  private final UpOptions options;
  private final PrintWriter out;

  EmbeddedCluster(UpOptions options, PrintWriter out) {
    this.options = options;
    this.out = out;
  }

  /// Starts, prints what a user needs, and serves until the process is told to stop.
  ///
  /// @throws UserMistake if it cannot start for a reason that the user can mend
  void run() {
    try (Running running = new Running()) {
      DataDirectory directory = running.add("data directory", DataDirectory.open(options));
      checkSpace(directory.root());
      Logging.toFile(directory.logFile());
      prepare(directory);
      Cluster cluster = ServerFiles.cluster(new EmbeddedFiles(directory).clusterFile());
      List<String> missing = new EmbeddedDevices(directory, cluster.id()).initialise();
      ProcessLog log =
          running.add("log", ProcessLog.start(cluster.log(), Optional.of(directory.logFile())));
      SharedRuntime runtime = running.add("runtime", new SharedRuntime(MEMORY, cluster, log));
      ProxyServer proxy = start(directory, cluster, runtime, running);
      if (directory.created()) {
        directory.seal();
      }
      missing.forEach(
          device -> out.println("Device " + device + " was missing: it starts empty.\n"));
      String banner =
          Banner.of(
              "http://" + clientHost() + ":" + proxy.port(),
              directory.identity(),
              shown(directory.root()),
              shown(cluster.log().file().orElse(directory.logFile())));
      if (options.stopWhenReady()) {
        print(banner);
        return;
      }
      running.serve(runtime.readiness(), () -> print(banner), () -> print("Stopping.\n"));
    } catch (IOException e) {
      throw new UserMistake(String.valueOf(e.getMessage()), e);
    }
  }

  private void print(String text) {
    out.print(text);
    out.flush();
  }

  private static void prepare(DataDirectory directory) throws IOException {
    EmbeddedRings rings = new EmbeddedRings(directory);
    rings.prepare(InstantSource.system());
    new EmbeddedFiles(directory).write(rings);
  }

  private ProxyServer start(
      DataDirectory directory, Cluster cluster, SharedRuntime runtime, Running running)
      throws IOException {
    EmbeddedFiles files = new EmbeddedFiles(directory);
    ProxyServerConfig file =
        runtime.configuration().read(files.proxyFile(), ProxyServerConfig::read).config();
    cluster.watch(runtime.timer());
    running.add("ring fetching", RingFetching.start(cluster));
    ProxyService.startMetrics(file, runtime, running);
    StorageNode.startBesideProxy(directory.etc(), cluster, runtime, running);
    ProxyServer proxy =
        ProxyService.start(
            file.withListen(file.listen().withHost(options.address()).withPort(options.port())),
            cluster,
            runtime,
            Version.text());
    return running.addPublic("proxy-server", proxy, proxy.http());
  }

  private static void checkSpace(Path root) throws IOException {
    long usable = Files.getFileStore(root).getUsableSpace();
    if (usable < LEAST_SPACE.bytes()) {
      throw new UserMistake(
          "no space: "
              + new ByteSize(usable >> 20 << 20)
              + " are free where "
              + root
              + " is, a cluster needs at least "
              + LEAST_SPACE);
    }
  }

  /// An address that a client on this machine can use, also where all addresses are listened on.
  private String clientHost() {
    return switch (options.address()) {
      case "0.0.0.0", "::" -> "127.0.0.1";
      default ->
          options.address().indexOf(':') >= 0 ? "[" + options.address() + "]" : options.address();
    };
  }

  private static Path shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path) : path;
  }
}
