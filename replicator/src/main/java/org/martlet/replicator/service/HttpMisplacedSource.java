package org.martlet.replicator.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.replicator.run.DeviceCalls;
import org.martlet.replicator.run.ReplicaFault;
import tools.jackson.databind.JsonNode;

/// What a device says of rows in a wrong policy, asked for over HTTP.
///
/// - Source: docs/http-api.md, "Replication".
public final class HttpMisplacedSource implements MisplacedSource {
  private static final String NEXT_ROW = "X-Backend-Next-Row";

  private final DeviceCalls calls;

  /// @param calls to the container service
  public HttpMisplacedSource(DeviceCalls calls) {
    this.calls = calls;
  }

  @Override
  public Containers containers(Optional<String> from, int limit) throws ReplicaFault {
    String path = "/replication/misplaced?limit=" + limit;
    JsonPage.Asked asked = new JsonPage.Asked(path, "from", "containers", UpdateBatch.MAX_BYTES);
    JsonPage<Marked> page = JsonPage.get(calls, asked, from, HttpMisplacedSource::container);
    return new Containers(page.items(), page.next());
  }

  private static Marked container(JsonNode json) {
    return new Marked(
        ObjectPath.container(json.path("account").asString(), json.path("container").asString()),
        ObjectHash.parse(json.path("hash").asString()),
        Timestamp.parse(json.path("changed").asString()));
  }

  @Override
  public Rows rows(Marked container, Optional<String> from, int limit) throws ReplicaFault {
    String path =
        "/replication/misplaced-rows?hash="
            + container.hash()
            + "&limit="
            + limit
            + from.map(text -> "&" + text).orElse("");
    return calls.get(
        path,
        UpdateBatch.MAX_BYTES,
        answer ->
            answer.body().length == 0
                ? new Rows(List.of(), Optional.empty())
                : new Rows(
                    rowsOf(answer.body()), Optional.ofNullable(answer.headers().get(NEXT_ROW))));
  }

  private static List<ListingRow> rowsOf(byte[] body) {
    List<ListingRow> rows = new ArrayList<>();
    UpdateBatch.decodeRows(body).forEach(update -> rows.addAll(update.rows()));
    return rows;
  }

  @Override
  public void settled(Marked container) throws ReplicaFault {
    String path =
        "/replication/misplaced?hash="
            + container.hash()
            + "&changed="
            + container.changed().internal();
    calls.post(path, new byte[0], 1024, answer -> true);
  }
}
