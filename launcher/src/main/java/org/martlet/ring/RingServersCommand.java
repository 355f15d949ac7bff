package org.martlet.ring;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.martlet.Logging;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.NodeClient;
import org.martlet.role.ServerFiles;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// What the commands about servers' rings have in common. Exit code 2: a mistake in the call, or
/// nobody answers.
abstract class RingServersCommand implements Callable<Integer> {
  private static final int MISTAKE = 2;

  /// A server syncs a ring to its disk before it answers.
  private static final Duration ANSWER = Duration.ofSeconds(30);

  @Spec private CommandSpec spec = CommandSpec.create();

  abstract ServerOptions options();

  /// Comes before the cluster's rings are read.
  ///
  /// @throws UserMistake if nothing can be done
  void prepare(PrintWriter out, PrintWriter err) {}

  /// @return the exit code
  /// @throws UserMistake if nothing can be done
  abstract int run(Cluster cluster, NodeClient client, PrintWriter out, PrintWriter err);

  @Override
  public final Integer call() {
    Logging.quiet();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      prepare(out, err);
      Cluster cluster = ServerFiles.cluster(options().clusterFile());
      try (NodeClient client = new NodeClient(cluster, ANSWER)) {
        return run(cluster, client, out, err);
      }
    } catch (UserMistake e) {
      err.println("martlet: " + e.getMessage());
      return MISTAKE;
    } finally {
      out.flush();
      err.flush();
    }
  }
}
