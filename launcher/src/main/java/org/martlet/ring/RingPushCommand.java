package org.martlet.ring;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.NodeClient;
import org.martlet.common.http.Endpoint;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingWatcher;
import org.martlet.terminal.Sheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `martlet ring push`: sends rings to all servers.
@Command(
    name = "push",
    mixinStandardHelpOptions = true,
    description = {
      "Send rings to all servers that they or the rings in force name, and to those given. A server"
          + " takes a ring that is newer than its own and sealed with the cluster's secret."
    },
    footer = {"", "Exit code: 0 all have them; 1 some do not; 2 none has."})
final class RingPushCommand extends RingServersCommand {
  @Mixin private ServerOptions options = new ServerOptions();

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "Ring files; default: all in the cluster's ring directory.")
  private List<Path> files = List.of();

  @Override
  ServerOptions options() {
    return options;
  }

  @Override
  int run(Cluster cluster, NodeClient client, PrintWriter out, PrintWriter err) {
    List<RingWatcher> here = List.copyOf(cluster.inbox().rings().values());
    List<Path> named = files.isEmpty() ? here.stream().map(RingWatcher::file).toList() : files;
    List<GivenRing> rings = named.stream().map(GivenRing::read).toList();
    List<Ring> known = new ArrayList<>(here.stream().map(w -> w.holder().current()).toList());
    rings.forEach(ring -> known.add(ring.ring()));
    RingServers servers = new RingServers(client);
    List<RingServers.Server> found = servers.ask(RingServers.addresses(known, options.servers()));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("server", "ring", "version", ""));
    int failed = 0;
    for (RingServers.Server server : found) {
      for (GivenRing ring : rings) {
        String fault = server.fault();
        String said = "";
        if (fault == null) {
          NodeClient.Answer answer = send(servers, server.address(), ring, cluster);
          fault = answer.fault();
          said = answer.status() == 201 ? "taken" : "had it";
        }
        failed += fault == null ? 0 : 1;
        rows.add(
            List.of(
                server.address().toString(),
                ring.name(),
                Long.toString(ring.ring().version()),
                fault == null ? said : fault));
      }
    }
    out.println(new Sheet().table(rows).toString().stripTrailing());
    if (failed == 0) {
      return 0;
    }
    err.println(
        "martlet: "
            + failed
            + " of "
            + found.size() * rings.size()
            + " did not succeed;"
            + " push again when it is mended: who has a ring keeps it");
    return failed == found.size() * rings.size() ? 2 : 1;
  }

  private static NodeClient.Answer send(
      RingServers servers, Endpoint address, GivenRing ring, Cluster cluster) {
    return servers.send(address, ring.name(), ring.content(), ring.seal(cluster.ringSeal()));
  }
}
