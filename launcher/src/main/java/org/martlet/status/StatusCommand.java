package org.martlet.status;

import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.martlet.UserMistake;
import org.martlet.common.http.Endpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `martlet status`: whether a cluster is well, and what its background work is at.
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Show the storage nodes and devices of a cluster, and what replication, expiry and the other"
          + " background services are at: done, left, rate, time to the end, and why they wait.",
      "The nodes that the object rings name are asked; the numbers are those of"
          + " /recon/martlet/devices and /recon/martlet/replication."
    },
    footer = {"", "Exit code: 0 all is well; 1 something needs looking after; 2 no node answers."})
public final class StatusCommand extends ClusterCommand {
  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  int run(StorageNodes nodes, PrintWriter out, PrintWriter err) {
    Map<Endpoint, StorageNodes.Said> devices = nodes.ask("GET", "/recon/martlet/devices");
    Map<Endpoint, StorageNodes.Said> replication = nodes.ask("GET", "/recon/martlet/replication");
    if (devices.values().stream().allMatch(said -> said.json() == null)) {
      StringBuilder told = new StringBuilder("no storage node answers:");
      devices.forEach(
          (node, said) -> told.append("\n  ").append(node).append(": ").append(said.fault()));
      throw new UserMistake(told.toString());
    }
    Map<Endpoint, NodeReport> reports = new LinkedHashMap<>();
    devices.forEach((node, said) -> reports.put(node, new NodeReport(said, replication.get(node))));
    StatusReport report = new StatusReport(reports, InstantSource.system().instant());
    out.println(json ? asJson(reports) : report.text().stripTrailing());
    List<String> complaints = report.complaints();
    complaints.forEach(complaint -> err.println("martlet: " + complaint));
    return complaints.isEmpty() ? WELL : UNWELL;
  }

  private static String asJson(Map<Endpoint, NodeReport> reports) {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ObjectNode root = mapper.createObjectNode();
    reports.forEach((node, report) -> report.writeTo(root.putObject(node.toString())));
    return mapper.writeValueAsString(root);
  }
}
