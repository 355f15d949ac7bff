package org.martlet.ring;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
      "Wait until every server has the newest rings, has moved all data to where they place it, and"
          + " has seen that no copy is missing there; a line is printed whenever less is left."
    },
    footer = {
      "",
      "Exit code: 0 all is in its place; 1 not within the time; 2 nobody answered within it."
    })
final class RingWaitCommand extends RingServersCommand {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofDays(365);

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
    if (timeout != null && (timeout < 0 || timeout > LONGEST.toSeconds())) {
      throw new UserMistake("--timeout " + timeout + ": is not in 0.." + LONGEST.toSeconds());
    }
    Duration left = timeout == null ? LONGEST : Duration.ofSeconds(timeout);
    long end = System.nanoTime() + left.toNanos();
    RingServers servers = new RingServers(client);
    String told = "";
    boolean heard = false;
    while (true) {
      // The ring files of this machine may be renewed meanwhile.
      cluster.checkRings();
      Map<String, Ring> here = here(cluster);
      List<RingServers.Server> answers =
          servers.ask(
              RingServers.addresses(here.values(), options.servers()),
              left.compareTo(PATIENCE) < 0 ? left.plus(PERIOD) : PATIENCE);
      heard |= answers.stream().anyMatch(server -> server.rings() != null);
      Map<String, Long> versions = new TreeMap<>();
      here.forEach((name, ring) -> versions.put(name, ring.version()));
      RingProgress progress = RingProgress.of(versions, answers);
      if (progress.isDone()) {
        out.println("all data are where the rings place them, and no copy is missing");
        return 0;
      }
      String words = progress.words();
      if (!words.equals(told)) {
        out.println(words);
        out.flush();
        told = words;
      }
      left = Duration.ofNanos(end - System.nanoTime());
      if (!left.isPositive()) {
        err.println("martlet: not all data have moved within " + timeout + " s; they go on moving");
        return heard ? 1 : 2;
      }
      pause();
    }
  }

  private static Map<String, Ring> here(Cluster cluster) {
    Map<String, Ring> rings = new TreeMap<>();
    cluster.inbox().rings().forEach((name, ring) -> rings.put(name, ring.holder().current()));
    return rings;
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
