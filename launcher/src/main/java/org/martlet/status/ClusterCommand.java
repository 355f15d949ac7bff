package org.martlet.status;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.martlet.Logging;
import org.martlet.UserMistake;
import org.martlet.cluster.ClusterFile;
import org.martlet.role.ServerFiles;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// What the commands about a running cluster have in common.
///
/// Exit codes: 0, all is well; 1, something needs looking after, said on standard error; 2, a
/// mistake in the call, or no node answers.
abstract class ClusterCommand implements Callable<Integer> {
  static final int WELL = 0;
  static final int UNWELL = 1;
  static final int NO_ANSWER = 2;

  @Mixin private ClusterFile cluster = new ClusterFile();

  @Spec private CommandSpec spec = CommandSpec.create();

  final CommandLine commandLine() {
    return spec.commandLine();
  }

  /// Asks, prints, and says how it ended.
  ///
  /// @throws UserMistake if no node answers
  abstract int run(StorageNodes nodes, PrintWriter out, PrintWriter err);

  @Override
  public final Integer call() {
    Logging.quiet();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (StorageNodes nodes = new StorageNodes(ServerFiles.cluster(cluster.path()))) {
      return run(nodes, out, err);
    } catch (UserMistake e) {
      err.println("martlet: " + e.getMessage());
      return NO_ANSWER;
    } finally {
      out.flush();
      err.flush();
    }
  }
}
