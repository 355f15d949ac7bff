package org.martlet.objectserver.server;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.replication.HashList;
import org.martlet.objectserver.state.ObjectKey;
import tools.jackson.databind.json.JsonMapper;

/// `/<device>/replication/repairs`: what [RepairQueue] holds, and additions to it.
final class RepairHandler {
  private static final int MAX_LIMIT = 1000;

  private final WholeBody bodies;
  private final JsonMapper json = JsonMapper.builder().build();

  RepairHandler(WholeBody bodies) {
    this.bodies = bodies;
  }

  /// Reads no disk: answered on the caller's thread.
  CompletableFuture<Response> list(Device device, ReplicationQuery query) {
    long after = query.number("after", 0, 0, Long.MAX_VALUE);
    int limit = (int) query.number("limit", MAX_LIMIT, 1, MAX_LIMIT);
    List<Map<String, Object>> repairs =
        device.repairs().after(after, limit).stream().map(RepairHandler::told).toList();
    Map<String, Object> content = Map.of("repairs", repairs, "dropped", device.repairs().dropped());
    return CompletableFuture.completedFuture(
        new Response(
            200,
            Headers.of("Content-Type", "application/json"),
            Body.of(json.writeValueAsString(content).getBytes(StandardCharsets.UTF_8))));
  }

  private static Map<String, Object> told(RepairQueue.Repair repair) {
    return Map.of(
        "id",
        repair.id(),
        "policy",
        repair.key().policy(),
        "hash",
        repair.key().hash().toString(),
        "reason",
        repair.reason().word());
  }

  /// Notes what replicas are said to lack.
  CompletableFuture<Response> add(Device device, int policy, Body body) {
    return bodies.read(
        device,
        body,
        HashList.MAX_BYTES,
        bytes -> {
          for (ObjectHash hash : HashList.decode(bytes)) {
            device.repairs().add(ObjectKey.whole(policy, hash), RepairQueue.Reason.MISSED);
          }
          return CompletableFuture.completedFuture(Response.empty(202, new Headers()));
        });
  }
}
