package org.martlet.ring;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.NodeClient;
import org.martlet.common.ring.Ring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `martlet ring wait`: until all data are where the rings place them.
@Command(
    name = "wait",
    mixinStandardHelpOptions = true,
    description = {
      "Wait until every server has the newest rings and has moved all data to where they place it;"
          + " a line is printed whenever less is left."
    },
    footer = {"", "Exit code: 0 all has moved; 1 not within the time; 2 nobody answers."})
final class RingWaitCommand extends RingServersCommand {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Give up after this time; default: never.")
  private @Nullable Long timeout;

  @Mixin private ServerOptions options = new ServerOptions();

  @Override
  ServerOptions options() {
    return options;
  }

  @Override
  int run(Cluster cluster, NodeClient client, PrintWriter out, PrintWriter err) {
    if (timeout != null && timeout < 0) {
      throw new UserMistake("--timeout " + timeout + ": cannot be less than 0");
    }
    long end = timeout == null ? Long.MAX_VALUE : System.nanoTime() + timeout * 1_000_000_000L;
    RingServers servers = new RingServers(client);
    Set<String> names = cluster.inbox().rings().keySet();
    String told = "";
    boolean heard = false;
    while (true) {
      List<RingServers.Server> answers =
          servers.ask(RingServers.addresses(here(cluster), options.servers()));
      heard |= answers.stream().anyMatch(server -> server.rings() != null);
      RingProgress progress = RingProgress.of(names, answers);
      if (progress.isDone()) {
        out.println("all data are where the rings place them");
        return 0;
      }
      String words = progress.words();
      if (!words.equals(told)) {
        out.println(words);
        out.flush();
        told = words;
      }
      if (timeout != null && System.nanoTime() - end >= 0) {
        err.println("martlet: not all data have moved within " + timeout + " s; they go on moving");
        return heard ? 1 : 2;
      }
      pause();
    }
  }

  /// The ring files of this machine may be renewed meanwhile.
  private static List<Ring> here(Cluster cluster) {
    return cluster.inbox().rings().values().stream().map(w -> w.holder().current()).toList();
  }

  private static void pause() {
    try {
      Thread.sleep(PERIOD);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserMistake("interrupted", e);
    }
  }
}
