package org.martlet.replicator.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.model.Timestamp;
import org.martlet.replicator.run.DeviceCalls;
import org.martlet.replicator.run.ReplicaFault;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a device says of deleted accounts, asked for over HTTP.
///
/// - Source: docs/http-api.md, "Replication".
public final class HttpDeletedAccounts implements DeletedAccounts {
  private static final int MAX_ANSWER = 4 << 20;

  private final DeviceCalls calls;
  private final JsonMapper json = new JsonMapper();

  /// @param calls to the account service
  public HttpDeletedAccounts(DeviceCalls calls) {
    this.calls = calls;
  }

  @Override
  public Page deleted(Optional<String> from, int limit) throws ReplicaFault {
    String path =
        "/replication/deleted?limit="
            + limit
            + from.map(text -> "&from=" + PercentCoding.encode(text)).orElse("");
    return calls.get(path, MAX_ANSWER, answer -> read(answer.body()));
  }

  private Page read(byte[] body) {
    try {
      JsonNode root = json.readTree(body);
      List<Deleted> accounts = new ArrayList<>();
      for (JsonNode each : root.path("accounts")) {
        accounts.add(
            new Deleted(
                each.path("account").asString(), Timestamp.parse(each.path("deleted").asString())));
      }
      JsonNode next = root.path("next");
      return new Page(accounts, next.isString() ? Optional.of(next.asString()) : Optional.empty());
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not the JSON of deleted accounts", e);
    }
  }
}
