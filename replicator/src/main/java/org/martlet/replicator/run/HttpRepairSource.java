package org.martlet.replicator.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.martlet.common.model.ObjectHash;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The repairs that a device wants, asked for over HTTP.
///
/// - Source: docs/http-api.md, "Replication".
public final class HttpRepairSource implements RepairSource {
  private static final int MAX_ANSWER = 1 << 20;

  private final DeviceCalls calls;
  private final JsonMapper json = new JsonMapper();

  public HttpRepairSource(DeviceCalls calls) {
    this.calls = calls;
  }

  @Override
  public Repairs repairs(long after, int limit) throws ReplicaFault {
    String path = "/replication/repairs?after=" + after + "&limit=" + limit;
    return calls.get(path, MAX_ANSWER, this::read);
  }

  private Repairs read(DeviceCalls.Answer answer) {
    try {
      JsonNode root = json.readTree(answer.body());
      List<Repair> repairs = new ArrayList<>();
      for (JsonNode each : root.path("repairs")) {
        repairs.add(
            new Repair(
                each.path("id").asLong(),
                each.path("policy").asInt(),
                ObjectHash.parse(each.path("hash").asString()),
                Reason.valueOf(each.path("reason").asString().toUpperCase(Locale.ROOT))));
      }
      return new Repairs(repairs, root.path("dropped").asLong());
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not the JSON of repairs", e);
    }
  }
}
