package org.martlet.ring;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.NodeClient;
import org.martlet.common.http.Endpoint;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingWatcher;
import org.martlet.terminal.Sheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `martlet ring push`: sends rings to all servers.
@Command(
    name = "push",
    mixinStandardHelpOptions = true,
    description = {
      "Send rings to all servers that they or the rings in force name, and to those given. A server"
          + " takes a ring that is newer than its own and sealed with the cluster's secret."
    },
    footer = {"", "Exit code: 0 all have them; 1 some do not, or data still moves; 2 none has."})
final class RingPushCommand extends RingServersCommand {
  @Mixin private ServerOptions options = new ServerOptions();

  @Option(
      names = "--force",
      description = "Push although data still moves to where the rings in force place it.")
  private boolean force;

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
    if (!force && refused(servers, found, rings, err)) {
      return 1;
    }
    List<RingServers.Server> alive = found.stream().filter(s -> s.fault() == null).toList();
    List<Endpoint> addresses = alive.stream().map(RingServers.Server::address).toList();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("server", "ring", "version", ""));
    int failed = 0;
    for (GivenRing ring : rings) {
      List<NodeClient.Answer> answers =
          servers.send(addresses, ring, ring.seal(cluster.ringSeal()));
      for (RingServers.Server server : found) {
        String fault = server.fault();
        String said = "";
        if (fault == null) {
          NodeClient.Answer answer = answers.get(alive.indexOf(server));
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

  /// Servers and proxies remember one ring before the one in force. While data still moves by that
  /// one, a further change of placement could leave objects where nobody looks for them.
  private static boolean refused(
      RingServers servers, List<RingServers.Server> found, List<GivenRing> rings, PrintWriter err) {
    List<String> moving = new ArrayList<>();
    Map<String, Boolean> displaced = new HashMap<>();
    for (GivenRing ring : rings) {
      for (RingServers.Server server : found) {
        JsonNode theirs = server.ring(ring.name());
        boolean older = theirs.path("version").asLong(Long.MAX_VALUE) < ring.ring().version();
        if (older
            && !theirs.path("settled").asBoolean(true)
            && displaced.computeIfAbsent(
                ring.name() + " " + theirs.path("md5").asString(""),
                file -> displaces(servers, server.address(), ring))) {
          moving.add(server.address() + ": ring " + ring.name());
        }
      }
    }
    if (moving.isEmpty()) {
      return false;
    }
    moving.forEach(each -> err.println("martlet: " + each + " has not moved all data yet"));
    err.println(
        "martlet: nothing was pushed: another change of placement now could hide objects that are"
            + " on their way. Wait until martlet ring show says that all has moved, or --force it");
    return true;
  }

  private static boolean displaces(RingServers servers, Endpoint address, GivenRing ring) {
    try {
      return servers
          .inForce(address, ring.name())
          .filter(theirs -> ring.ring().placesAs(theirs) || ring.ring().hasPrimariesOf(theirs))
          .isEmpty();
    } catch (IOException e) {
      throw new UserMistake("a ring cannot be kept for a moment: " + e.getMessage(), e);
    }
  }
}
