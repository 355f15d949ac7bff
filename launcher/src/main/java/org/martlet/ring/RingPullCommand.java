package org.martlet.ring;

import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.NodeClient;
import org.martlet.cluster.RingPuller;
import org.martlet.cluster.RingSources;
import org.martlet.common.ring.RingWatcher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `martlet ring pull`: fetches newer rings into the ring directory of this machine.
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    description = {
      "Fetch newer rings into this machine's ring directory; servers here notice within 15 seconds."
    },
    footer = {"", "Exit code: 0 this machine has the newest; 1 something was not fetched."})
final class RingPullCommand extends RingServersCommand {
  @Mixin private ServerOptions options = new ServerOptions();

  @Parameters(
      paramLabel = "SOURCE",
      arity = "0..*",
      description = {
        "Where to look, e.g. http://10.0.0.1:6200/rings; the first that answers is taken."
            + " Default: ring_sources of the cluster's file."
      })
  private List<String> sources = List.of();

  @Override
  ServerOptions options() {
    return options;
  }

  @Override
  int run(Cluster cluster, NodeClient client, PrintWriter out, PrintWriter err) {
    List<URI> urls = sources.isEmpty() ? cluster.ringSources().urls() : urls();
    if (urls.isEmpty()) {
      throw new UserMistake("no source: name one, or set ring_sources in the cluster's file");
    }
    Map<String, RingWatcher> rings = cluster.inbox().rings();
    Map<String, Long> before = new TreeMap<>();
    rings.forEach((name, ring) -> before.put(name, ring.holder().current().version()));
    Map<String, String> news = new RingPuller(urls, cluster.inbox(), cluster.ringSeal()).look();
    int failed = 0;
    for (Map.Entry<String, RingWatcher> ring : rings.entrySet()) {
      String name = ring.getKey();
      long version = ring.getValue().holder().current().version();
      String said = news.get(name);
      if (said == null) {
        out.println(name + ": version " + version + " is the newest");
      } else if (version > before.getOrDefault(name, -1L)) {
        out.println(name + ": now " + said);
      } else {
        failed++;
        err.println("martlet: " + name + " stays at version " + version + ": " + said);
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
