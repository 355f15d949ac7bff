package org.martlet.proxyserver.object;

import java.util.List;
import org.martlet.common.http.Headers;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.proxyserver.backend.BackendAnswer;
import org.martlet.proxyserver.backend.BackendRequest;
import org.martlet.proxyserver.backend.Cluster;
import org.martlet.proxyserver.backend.Hedging;
import org.martlet.proxyserver.backend.Placement;

/// Reads objects, from another device where one fails before or within the body.
///
/// Threads: any; blocks until the head of an answer is there, not for the body.
final class ObjectReader {
  /// What a client says about the part and the state that it wants; the devices evaluate it.
  private static final List<String> PASSED_ON =
      List.of(
          "Range",
          "If-Match",
          "If-None-Match",
          "If-Modified-Since",
          "If-Unmodified-Since",
          DynamicObjects.IGNORE_RANGE);

  private final Cluster cluster;
  private final Hedging hedging;

  ObjectReader(Cluster cluster, Hedging hedging) {
    this.cluster = cluster;
    this.hedging = hedging;
  }

  /// @param method GET or HEAD
  /// @param client the client's headers: range and conditions
  /// @param newest whether the newest of all copies is wanted
  /// @param now decides whether the object has expired
  BackendAnswer read(
      ObjectTarget target, String method, Headers client, boolean newest, Timestamp now)
      throws InterruptedException {
    Headers headers = new Headers();
    for (String name : PASSED_ON) {
      client.all(name).forEach(value -> headers.add(name, value));
    }
    headers.set(BackendHeaders.TIMESTAMP, now.internal());
    BackendRequest request = target.request(method, headers);
    Placement placement = cluster.place(target.path(), target.policy());
    BackendAnswer answer = cluster.read(placement, request, newest, hedging);
    return method.equals("GET") && answer.isSuccess()
        ? ResumingBody.protect(cluster, placement, request, answer)
        : answer;
  }
}
