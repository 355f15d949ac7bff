package org.martlet.replicator.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.model.ObjectPath;
import org.martlet.replicator.run.DeviceCalls;
import org.martlet.replicator.run.ReplicaFault;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a device says has expired, asked for over HTTP.
///
/// - Source: docs/http-api.md, "Replication".
public final class HttpExpiringSource implements ExpiringSource {
  private static final int MAX_ANSWER = 16 << 20;

  private final DeviceCalls calls;
  private final JsonMapper json = new JsonMapper();

  public HttpExpiringSource(DeviceCalls calls) {
    this.calls = calls;
  }

  @Override
  public Page expiring(long before, Optional<String> after, int limit) throws ReplicaFault {
    String path =
        "/replication/expiring?before="
            + before
            + "&limit="
            + limit
            + after.map(text -> "&after=" + PercentCoding.encode(text)).orElse("");
    return calls.get(path, MAX_ANSWER, answer -> read(answer.body()));
  }

  private Page read(byte[] body) {
    try {
      JsonNode root = json.readTree(body);
      List<Expiring> objects = new ArrayList<>();
      for (JsonNode each : root.path("objects")) {
        ObjectPath path =
            ObjectPath.object(
                each.path("account").asString(),
                each.path("container").asString(),
                each.path("object").asString());
        objects.add(
            new Expiring(path, each.path("policy").asInt(), each.path("delete_at").asLong()));
      }
      JsonNode next = root.path("next");
      return new Page(objects, next.isString() ? Optional.of(next.asString()) : Optional.empty());
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not the JSON of expiring objects", e);
    }
  }
}
