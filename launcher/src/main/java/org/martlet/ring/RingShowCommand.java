package org.martlet.ring;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.NodeClient;
import org.martlet.common.http.Endpoint;
import org.martlet.common.ring.RingWatcher;
import org.martlet.terminal.Sheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `martlet ring show`: which server has which ring.
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Show which rings every server has in force, and who lags.",
    footer = {
      "",
      "Exit code: 0 all have the same; 1 some lag, differ or do not answer; 2 nobody answers."
    })
final class RingShowCommand extends RingServersCommand {
  private static final int MD5_SHOWN = 8;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private ServerOptions options = new ServerOptions();

  @Override
  ServerOptions options() {
    return options;
  }

  @Override
  int run(Cluster cluster, NodeClient client, PrintWriter out, PrintWriter err) {
    Map<String, RingWatcher> rings = cluster.inbox().rings();
    List<Endpoint> addresses =
        RingServers.addresses(
            rings.values().stream().map(ring -> ring.holder().current()).toList(),
            options.servers());
    List<RingServers.Server> servers = new RingServers(client).ask(addresses);
    if (servers.stream().allMatch(server -> server.rings() == null)) {
      StringBuilder told = new StringBuilder("no server answers:");
      servers.forEach(
          server ->
              told.append("\n  ").append(server.address()).append(": ").append(server.fault()));
      throw new UserMistake(told.toString());
    }
    List<String> complaints = new ArrayList<>();
    Sheet sheet = new Sheet();
    for (String name : rings.keySet()) {
      sheet.section(name).table(rows(name, servers, complaints));
    }
    servers.stream()
        .filter(server -> server.fault() != null)
        .forEach(server -> complaints.add(server.address() + ": " + server.fault()));
    out.println(json ? asJson(servers) : sheet.toString().stripTrailing());
    complaints.forEach(complaint -> err.println("martlet: " + complaint));
    return complaints.isEmpty() ? 0 : 1;
  }

  private static List<List<String>> rows(
      String name, List<RingServers.Server> servers, List<String> complaints) {
    long newest = servers.stream().mapToLong(server -> version(server, name)).max().orElse(-1);
    Map<String, Integer> md5s = new TreeMap<>();
    servers.stream()
        .filter(server -> version(server, name) == newest)
        .forEach(server -> md5s.merge(server.ring(name).path("md5").asString(""), 1, Integer::sum));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("server", "version", "md5", "moved", ""));
    for (RingServers.Server server : servers) {
      if (server.rings() == null) {
        rows.add(List.of(server.address().toString(), "-", "-", "-", "does not answer"));
        continue;
      }
      JsonNode ring = server.ring(name);
      String md5 = ring.path("md5").asString("");
      String note = "";
      if (version(server, name) < newest) {
        note = "behind";
      } else if (md5s.size() > 1) {
        note = "differs";
      }
      if (!note.isEmpty()) {
        complaints.add(
            server.address()
                + ": ring "
                + name
                + (note.equals("behind")
                    ? " is at version " + version(server, name) + ", others at " + newest
                    : " of version " + newest + " is not the same everywhere"));
      }
      rows.add(
          List.of(
              server.address().toString(),
              Long.toString(version(server, name)),
              md5.substring(0, Math.min(MD5_SHOWN, md5.length())),
              ring.path("settled").asBoolean(true) ? "all" : "not yet",
              note));
    }
    return rows;
  }

  private static long version(RingServers.Server server, String name) {
    return server.ring(name).path("version").asLong(-1);
  }

  private static String asJson(List<RingServers.Server> servers) {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ObjectNode root = mapper.createObjectNode();
    for (RingServers.Server server : servers) {
      ObjectNode node = root.putObject(server.address().toString());
      if (server.rings() == null) {
        node.put("fault", server.fault());
      } else {
        node.set("rings", server.rings().path("rings"));
      }
    }
    return mapper.writeValueAsString(root);
  }
}
