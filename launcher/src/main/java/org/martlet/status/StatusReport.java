package org.martlet.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.martlet.common.http.Endpoint;
import org.martlet.terminal.Sheet;
import org.martlet.terminal.Words;
import tools.jackson.databind.JsonNode;

/// `martlet status` for people, and what is wrong with the cluster in words.
final class StatusReport {
  private final Map<Endpoint, NodeReport> nodes;
  private final Instant now;

  StatusReport(Map<Endpoint, NodeReport> nodes, Instant now) {
    this.nodes = nodes;
    this.now = now;
  }

  String text() {
    Sheet sheet = new Sheet();
    sheet.section("Devices").table(devices());
    sheet.section("Replication").table(replication());
    List<List<String>> repairs = repairs();
    if (repairs.size() > 1) {
      sheet.section("Single repairs").table(repairs);
    }
    List<List<String>> services = services();
    if (services.size() > 1) {
      sheet.section("Services").table(services);
    }
    List<String> waits = waits();
    if (!waits.isEmpty()) {
      sheet.section("Waiting");
      waits.forEach(sheet::line);
    }
    return sheet.toString();
  }

  private List<List<String>> devices() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("node", "device", "state", "objects", "size", "tombstones", "quarantined"));
    nodes.forEach(
        (node, report) -> {
          if (report.fault() != null) {
            rows.add(List.of(node.toString(), "-", "no answer"));
          }
          for (JsonNode device : report.deviceList()) {
            rows.add(device(node, device));
          }
        });
    return rows;
  }

  private static List<String> device(Endpoint node, JsonNode device) {
    long objects = 0;
    long bytes = 0;
    long tombstones = 0;
    for (JsonNode policy : device.path("policies")) {
      objects += policy.path("objects").asLong(0);
      bytes += policy.path("bytes").asLong(0);
      tombstones += policy.path("tombstones").asLong(0);
    }
    return List.of(
        node.toString(),
        device.path("device").asString("-"),
        state(device),
        Words.count(objects),
        Words.size(bytes),
        Words.count(tombstones),
        Words.count(device.path("quarantined").asLong(0)));
  }

  /// `Online[]`, as the server calls it, is `online` for people.
  private static String state(JsonNode device) {
    String state = device.path("state").asString("unknown");
    int bracket = state.indexOf('[');
    return (bracket < 0 ? state : state.substring(0, bracket)).toLowerCase(Locale.ROOT);
  }

  private List<List<String>> replication() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "node",
            "device",
            "of",
            "pass",
            "doing",
            "done",
            "left",
            "rate/s",
            "to go",
            "sent",
            "handoffs",
            "last complete"));
    nodes.forEach(
        (node, report) -> {
          for (JsonNode holding : report.holdings()) {
            rows.add(holding(node, holding));
          }
        });
    return rows;
  }

  private List<String> holding(Endpoint node, JsonNode holding) {
    JsonNode pass = holding.path("pass");
    JsonNode moved = holding.path("moved");
    long eta = pass.path("eta_seconds").asLong(-1);
    String complete = pass.path("last_complete").asString("");
    return List.of(
        node.toString(),
        holding.path("device").asString("-"),
        holding.path("space").asString("-"),
        Words.count(pass.path("number").asLong(0)),
        pass.path("phase").asString("-"),
        Words.count(pass.path("done").asLong(0)),
        Words.count(pass.path("left").asLong(0)),
        Words.size(moved.path("bytes_per_second").asLong(0)),
        eta < 0 ? "-" : Words.duration(eta),
        Words.size(moved.path("bytes").asLong(0)),
        Words.count(holding.path("backlog").path("handoff_partitions").asLong(0)),
        complete.isEmpty() ? "never" : Words.age(Instant.parse(complete), now) + " ago");
  }

  private List<List<String>> repairs() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("node", "device", "queued", "done", "dropped", "lost"));
    nodes.forEach(
        (node, report) -> {
          for (JsonNode repair : report.repairs()) {
            List<String> row =
                new ArrayList<>(List.of(node.toString(), repair.path("device").asString("-")));
            for (String count : List.of("queued", "done", "dropped", "lost")) {
              row.add(Words.count(repair.path(count).asLong(0)));
            }
            rows.add(row);
          }
        });
    return rows;
  }

  private List<List<String>> services() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("node", "service", "done", "left", "errors", "last pass"));
    nodes.forEach(
        (node, report) -> {
          for (JsonNode service : report.services()) {
            String last = service.path("last_pass").asString("");
            rows.add(
                List.of(
                    node.toString(),
                    service.path("service").asString("-"),
                    Words.count(service.path("done").asLong(0)),
                    Words.count(service.path("left").asLong(0)),
                    Words.count(service.path("errors").asLong(0)),
                    last.isEmpty() ? "never" : Words.age(Instant.parse(last), now) + " ago"));
          }
        });
    return rows;
  }

  /// Why background work does not go on, one line for each device that says so.
  private List<String> waits() {
    List<String> lines = new ArrayList<>();
    nodes.forEach(
        (node, report) -> {
          for (JsonNode holding : report.holdings()) {
            StringJoiner reasons = new StringJoiner("; ");
            holding.path("pass").path("waiting").forEach(reason -> reasons.add(reason.asString()));
            if (reasons.length() > 0) {
              lines.add(
                  node
                      + " "
                      + holding.path("device").asString("-")
                      + " "
                      + holding.path("space").asString("-")
                      + ": "
                      + reasons);
            }
          }
        });
    return lines;
  }

  /// What needs looking after.
  List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    nodes.forEach(
        (node, report) -> {
          if (report.fault() != null) {
            complaints.add(node + ": " + report.fault());
            return;
          }
          report.deviceList().forEach(device -> complain(node, device, complaints));
          if (!report.replicates()) {
            complaints.add(
                node + ": its objects are not replicated: martlet replicator is missing");
          }
          for (JsonNode holding : report.holdings()) {
            holding
                .path("faults")
                .forEach(fault -> complaints.add(node + ": " + fault(holding, fault)));
          }
          for (JsonNode repair : report.repairs()) {
            if (repair.path("lost").asLong(0) > 0) {
              complaints.add(
                  node
                      + ": "
                      + repair.path("device").asString("-")
                      + " had damaged copies of which no other device had one: "
                      + repair.path("lost").asLong());
            }
          }
        });
    return complaints;
  }

  private static void complain(Endpoint node, JsonNode device, List<String> complaints) {
    String state = state(device);
    if (!state.equals("online")) {
      String reason = device.path("reason").asString("");
      complaints.add(
          node
              + ": "
              + device.path("device").asString("-")
              + " is "
              + state
              + (reason.isEmpty() ? "" : ": " + reason));
    }
  }

  private static String fault(JsonNode holding, JsonNode fault) {
    return holding.path("device").asString("-")
        + " ("
        + holding.path("space").asString("-")
        + ") could not reach "
        + fault.path("peer").asString("-")
        + ": "
        + fault.path("last").asString("");
  }
}
