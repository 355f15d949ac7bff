package org.martlet.status;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Endpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `martlet replication`: pauses and resumes the background work of all nodes.
@Command(
    name = "replication",
    mixinStandardHelpOptions = true,
    description = {
      "Pause, resume or hasten replication on all storage nodes that the object rings name.",
      "A pause lasts until it is resumed or the node is started again; martlet status shows it."
    },
    footer = {"", "Exit code: 0 all nodes did it; 1 some did not; 2 no node answers."})
public final class ReplicationCommand extends ClusterCommand {
  /// What can be asked of a node.
  enum Action {
    PAUSE,
    RESUME,
    /// Begin the next pass of every device now.
    PASS
  }

  @Parameters(
      paramLabel = "pause|resume|pass",
      description = "pass begins the next pass of every device at once.")
  private @Nullable Action action;

  @Override
  int run(StorageNodes nodes, PrintWriter out, PrintWriter err) {
    String what = String.valueOf(action).toLowerCase(Locale.ROOT);
    Map<Endpoint, StorageNodes.Said> answers =
        nodes.ask(nodes.objectServers(), "POST", "/replication/" + what);
    answers.forEach(
        (node, said) -> {
          if (said.fault() == null) {
            out.println(node + ": " + what);
          } else {
            err.println("martlet: " + node + ": " + said.fault());
          }
        });
    long failed = answers.values().stream().filter(said -> said.fault() != null).count();
    if (failed == 0) {
      return WELL;
    }
    return failed == answers.size() ? NO_ANSWER : UNWELL;
  }
}
