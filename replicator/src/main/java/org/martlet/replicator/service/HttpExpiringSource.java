package org.martlet.replicator.service;

import java.util.Optional;
import org.martlet.common.model.ObjectPath;
import org.martlet.replicator.run.DeviceCalls;
import org.martlet.replicator.run.ReplicaFault;
import tools.jackson.databind.JsonNode;

/// What a device says has expired, asked for over HTTP.
///
/// - Source: docs/http-api.md, "Replication".
public final class HttpExpiringSource implements ExpiringSource {
  private static final int MAX_ANSWER = 16 << 20;

  private final DeviceCalls calls;

  public HttpExpiringSource(DeviceCalls calls) {
    this.calls = calls;
  }

  @Override
  public Page expiring(long before, Optional<String> after, int limit) throws ReplicaFault {
    String path = "/replication/expiring?before=" + before + "&limit=" + limit;
    JsonPage.Asked asked = new JsonPage.Asked(path, "after", "objects", MAX_ANSWER);
    JsonPage<Expiring> page = JsonPage.get(calls, asked, after, HttpExpiringSource::object);
    return new Page(page.items(), page.next());
  }

  private static Expiring object(JsonNode json) {
    ObjectPath path =
        ObjectPath.object(
            json.path("account").asString(),
            json.path("container").asString(),
            json.path("object").asString());
    return new Expiring(path, json.path("policy").asInt(), json.path("delete_at").asLong());
  }
}
