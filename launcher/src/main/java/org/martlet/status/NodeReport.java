package org.martlet.status;

import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// What one storage node says of itself.
record NodeReport(StorageNodes.Said devices, StorageNodes.@Nullable Said replication) {

  /// Why the node as a whole is not well; null if it answers.
  @Nullable String fault() {
    return devices.fault();
  }

  List<JsonNode> deviceList() {
    return items(json(devices).path("devices"));
  }

  /// One for each local device and each of objects, containers and accounts.
  List<JsonNode> holdings() {
    return items(replicationJson().path("holdings"));
  }

  List<JsonNode> repairs() {
    return items(replicationJson().path("repairs"));
  }

  List<JsonNode> services() {
    return items(replicationJson().path("services"));
  }

  /// Whether background work runs in the node's process.
  boolean replicates() {
    return replication != null && replication.json() != null;
  }

  private JsonNode replicationJson() {
    return replication == null ? MissingNode.getInstance() : json(replication);
  }

  private static JsonNode json(StorageNodes.Said said) {
    return said.json() == null ? MissingNode.getInstance() : said.json();
  }

  private static List<JsonNode> items(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  void writeTo(ObjectNode node) {
    if (devices.fault() != null) {
      node.put("fault", devices.fault());
      return;
    }
    node.set("devices", json(devices).path("devices"));
    if (replicates()) {
      node.set("replication", replicationJson());
    }
  }
}
