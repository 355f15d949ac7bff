package org.martlet.ring;

import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.NodeClient;
import org.martlet.cluster.RingPuller;
import org.martlet.cluster.RingSources;
import org.martlet.common.config.ConfigException;
import org.martlet.common.ring.RingWatcher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `martlet ring pull`: fetches newer rings into the ring directory of this machine.
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    description = {
      "Fetch newer rings into this machine's ring directory, and those that it has not or that cannot"
          + " be read; servers here notice within 15 seconds."
    },
    footer = {"", "Exit code: 0 this machine has the newest of them; 1 something was not fetched."})
final class RingPullCommand extends RingServersCommand {
  @Mixin private ServerOptions options = new ServerOptions();

  @Parameters(
      paramLabel = "SOURCE",
      arity = "0..*",
      description = {
        "Where to look, e.g. http://10.0.0.1:6200/rings; the newest of all places is taken."
            + " Default: ring_sources of the cluster's file."
      })
  private List<String> sources = List.of();

  @Override
  ServerOptions options() {
    return options;
  }

  @Override
  void prepare(PrintWriter out, PrintWriter err) {
    List<URI> urls = urls();
    try {
      Cluster.fetchMissingRings(options.clusterFile(), urls)
          .forEach(
              (ring, look) -> {
                if (look.result() == RingPuller.Result.TAKEN) {
                  out.println(ring + ": now " + look.words());
                } else {
                  err.println("martlet: " + ring + " is not fetched: " + look.words());
                }
              });
    } catch (ConfigException e) {
      throw new UserMistake(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  int run(Cluster cluster, NodeClient client, PrintWriter out, PrintWriter err) {
    List<URI> urls = sources.isEmpty() ? cluster.ringSources().urls() : urls();
    if (urls.isEmpty()) {
      throw new UserMistake("no source: name one, or set ring_sources in the cluster's file");
    }
    Map<String, RingPuller.Look> looks =
        new RingPuller(urls, cluster.inbox(), cluster.ringSeal()).look();
    int failed = 0;
    for (Map.Entry<String, RingWatcher> ring : cluster.inbox().rings().entrySet()) {
      RingPuller.Look look =
          looks.getOrDefault(
              ring.getKey(), new RingPuller.Look(RingPuller.Result.FAILED, "interrupted"));
      long version = ring.getValue().loaded().ring().version();
      switch (look.result()) {
        case TAKEN -> out.println(ring.getKey() + ": now " + look.words());
        case SAME -> out.println(ring.getKey() + ": version " + version + ", " + look.words());
        case FAILED -> {
          failed++;
          err.println(
              "martlet: " + ring.getKey() + " stays at version " + version + ": " + look.words());
        }
      }
    }
    return failed == 0 ? 0 : 1;
  }

  private List<URI> urls() {
    try {
      return sources.stream().map(RingSources::url).toList();
    } catch (IllegalArgumentException e) {
      throw new UserMistake(String.valueOf(e.getMessage()), e);
    }
  }
}
