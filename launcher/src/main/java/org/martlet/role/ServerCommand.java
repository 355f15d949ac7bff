package org.martlet.role;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.Logging;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.ClusterConfig;
import org.martlet.cluster.RingFetching;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.log.ProcessLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What the commands that run servers in the foreground have in common.
abstract class ServerCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCommand.class);

  @Option(
      names = "--cluster",
      paramLabel = "FILE",
      description = "What all machines share; default: cluster.toml beside the server's own file.")
  private @Nullable Path clusterFile;

  @Option(
      names = "--check",
      description = {
        "Only check all files, and print everything that is wrong.",
        "Exit code: 0 all is well; 1 something is not."
      })
  private boolean checkOnly;

  @Spec private CommandSpec spec = CommandSpec.create();

  /// Where the server's files are: cluster.toml is looked for there.
  abstract Path configDirectory();

  /// Looks at the server's own files.
  abstract void check(FileCheck files);

  /// Starts the servers; whatever it opens, it adds to what is running.
  abstract void start(Cluster cluster, SharedRuntime runtime, Running running) throws IOException;

  @Override
  public Integer call() {
    if (checkOnly) {
      Logging.quiet();
      loaded();
      spec.commandLine().getOut().println("all files are good");
      return 0;
    }
    Logging.toStandardOutput();
    serve(loaded());
    return 0;
  }

  private Path clusterFile() {
    return clusterFile == null ? configDirectory().resolve("cluster.toml") : clusterFile;
  }

  /// @throws UserMistake if anything is wrong with any file
  private Cluster loaded() {
    FileCheck check = new FileCheck();
    check.environment(System.getenv());
    check(check);
    Optional<Cluster> cluster = check.cluster(clusterFile());
    check.finish();
    return cluster.orElseThrow();
  }

  private void serve(Cluster cluster) {
    // A reload that comes while the process starts waits for the end of the start.
    CompletableFuture<Runnable> reload = new CompletableFuture<>();
    Signals.on("HUP", () -> reload.join().run());
    try (Running running = new Running()) {
      ProcessLog log = running.add("log", ProcessLog.start(cluster.log(), Optional.empty()));
      SharedRuntime runtime =
          running.add("runtime", new SharedRuntime(KeyValueConfig.DEFAULT, cluster, log));
      LiveFiles.LiveFile<ClusterConfig> file =
          runtime.configuration().read(clusterFile(), ClusterConfig::read);
      file.onChange(ReloadedKeys.CLUSTER, changed -> log.apply(changed.log()));
      cluster.watch(runtime.timer());
      running.add("ring fetching", RingFetching.start(cluster));
      start(cluster, runtime, running);
      reload.complete(() -> reload(cluster, runtime, () -> log.apply(file.config().log())));
      running.serve(runtime.readiness(), () -> LOG.info("ready"), () -> LOG.info("stopping"));
    } catch (IOException e) {
      throw new UserMistake(String.valueOf(e.getMessage()), e);
    }
  }

  /// @param levels puts those of the file in force, also where others were set meanwhile
  private static void reload(Cluster cluster, SharedRuntime runtime, Runnable levels) {
    LOG.info("reading the files again");
    if (runtime.configuration().reload()) {
      levels.run();
    }
    cluster.checkRings();
  }

  static Path directoryOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }
}
