package org.martlet.status;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.NodeClient;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.HttpClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The storage nodes that the object rings name, asked all at once.
final class StorageNodes implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final List<Endpoint> nodes;
  private final NodeClient client;

  StorageNodes(Cluster cluster) {
    this.nodes = endpoints(cluster);
    this.client = new NodeClient(cluster, ANSWER);
  }

  private static List<Endpoint> endpoints(Cluster cluster) {
    return cluster.policies().all().stream()
        .flatMap(policy -> cluster.objectRing(policy).current().devices().stream())
        .map(device -> new Endpoint(device.ip(), device.port()))
        .distinct()
        .sorted(Comparator.comparing(Endpoint::toString))
        .toList();
  }

  /// What a node said.
  ///
  /// @param json null where there is a fault
  /// @param fault why there is no answer; null where there is one
  record Said(@Nullable JsonNode json, @Nullable String fault) {}

  /// Every node's answer to one request, in the order of their addresses.
  Map<Endpoint, Said> ask(String method, String target) {
    List<HttpClient.Call> calls = new ArrayList<>();
    for (Endpoint node : nodes) {
      calls.add(client.send(node, method, target));
    }
    Map<Endpoint, Said> said = new LinkedHashMap<>();
    for (int n = 0; n < nodes.size(); n++) {
      said.put(nodes.get(n), said(calls.get(n)));
    }
    return said;
  }

  private static Said said(HttpClient.Call call) {
    NodeClient.Answer answer = NodeClient.await(call);
    if (answer.fault() != null) {
      return new Said(null, answer.fault());
    }
    try {
      return new Said(JsonMapper.shared().readTree(answer.body()), null);
    } catch (JacksonException e) {
      return new Said(null, "its answer is not understood: is it of another version?");
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
