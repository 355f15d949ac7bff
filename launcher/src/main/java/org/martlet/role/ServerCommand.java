package org.martlet.role;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.martlet.Logging;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.ConfigFiles;
import org.martlet.cluster.RingFetching;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.log.ProcessLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/// What the commands that run servers in the foreground have in common.
abstract class ServerCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCommand.class);

  @Option(
      names = "--cluster",
      paramLabel = "FILE",
      description = "What all machines share; default: cluster.toml beside the server's own file.")
  private @Nullable Path clusterFile;

  /// Where the server's files are: cluster.toml is looked for there.
  abstract Path configDirectory();

  /// Starts the servers; whatever it opens, it adds to what is running.
  abstract void start(Cluster cluster, SharedRuntime runtime, Running running) throws IOException;

  @Override
  public Integer call() {
    Logging.toStandardOutput();
    ConfigFiles.checkEnvironment(System.getenv());
    Cluster cluster =
        ServerFiles.cluster(
            clusterFile == null ? configDirectory().resolve("cluster.toml") : clusterFile);
    try (Running running = new Running()) {
      ProcessLog log = running.add("log", ProcessLog.start(cluster.log(), Optional.empty()));
      SharedRuntime runtime =
          running.add("runtime", new SharedRuntime(KeyValueConfig.DEFAULT, cluster, log));
      cluster.watch(runtime.timer());
      running.add("ring fetching", RingFetching.start(cluster));
      start(cluster, runtime, running);
      LOG.info("ready");
      running.serve(runtime.readiness(), () -> LOG.info("stopping"));
    } catch (IOException e) {
      throw new UserMistake(String.valueOf(e.getMessage()), e);
    }
    return 0;
  }

  static Path directoryOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }
}
