package org.martlet.replicator.service;

import java.util.Optional;
import org.martlet.common.model.Timestamp;
import org.martlet.replicator.run.DeviceCalls;
import org.martlet.replicator.run.ReplicaFault;
import tools.jackson.databind.JsonNode;

/// What a device says of deleted accounts, asked for over HTTP.
///
/// - Source: docs/http-api.md, "Replication".
public final class HttpDeletedAccounts implements DeletedAccounts {
  private static final int MAX_ANSWER = 4 << 20;

  private final DeviceCalls calls;

  /// @param calls to the account service
  public HttpDeletedAccounts(DeviceCalls calls) {
    this.calls = calls;
  }

  @Override
  public Page deleted(Optional<String> from, int limit) throws ReplicaFault {
    JsonPage.Asked asked =
        new JsonPage.Asked("/replication/deleted?limit=" + limit, "from", "accounts", MAX_ANSWER);
    JsonPage<Deleted> page = JsonPage.get(calls, asked, from, HttpDeletedAccounts::account);
    return new Page(page.items(), page.next());
  }

  private static Deleted account(JsonNode json) {
    return new Deleted(
        json.path("account").asString(), Timestamp.parse(json.path("deleted").asString()));
  }
}
