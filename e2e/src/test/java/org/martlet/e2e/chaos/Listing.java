package org.martlet.e2e.chaos;

import java.util.Map;
import java.util.TreeMap;
import org.martlet.e2e.chaos.ObjectTruth.State;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads listings, and knows a row that nobody can have caused.
final class Listing {
  private final Findings findings;
  private final JsonMapper json = JsonMapper.builder().build();

  Listing(Findings findings) {
    this.findings = findings;
  }

  /// Names with the operation that wrote the body, by a container's listing in JSON.
  Map<String, Integer> rows(String where, String container, byte[] body, World world) {
    Map<String, Integer> rows = new TreeMap<>();
    String before = "";
    for (JsonNode row : json.readTree(body)) {
      String name = row.path("name").asString("");
      String what = where + " lists " + container + "/" + name;
      if (name.compareTo(before) <= 0) {
        findings.add("LISTING", what + " after " + before);
      }
      before = name;
      int operation = Content.operation(row.path("content_type").asString(""));
      ObjectTruth truth = world.find(container, name);
      if (truth == null || operation < 1 || operation > truth.operations()) {
        findings.add("LISTING", what + ": " + row);
        continue;
      }
      if (row.path("bytes").asLong(-1) != Content.size(name, operation)) {
        findings.add("LISTING", what + " with a wrong size: " + row);
      }
      rows.put(name, operation);
    }
    return rows;
  }

  /// Why these rows cannot be what replicas agree on; empty if they can.
  String difference(String container, Map<String, Integer> rows, World world) {
    StringBuilder differences = new StringBuilder();
    for (ObjectTruth truth : world.in(container)) {
      int listed = rows.getOrDefault(truth.name(), 0);
      if (truth.possible().stream().map(State::data).noneMatch(data -> data == listed)) {
        differences
            .append(truth.name())
            .append(" listed with ")
            .append(listed)
            .append(", is ")
            .append(truth.possible())
            .append("; ");
      }
    }
    return differences.toString();
  }

  /// Names with object counts and bytes, by an account's listing in JSON.
  Map<String, long[]> containers(byte[] body) {
    Map<String, long[]> containers = new TreeMap<>();
    for (JsonNode row : json.readTree(body)) {
      containers.put(
          row.path("name").asString(""),
          new long[] {row.path("count").asLong(-1), row.path("bytes").asLong(-1)});
    }
    return containers;
  }
}
