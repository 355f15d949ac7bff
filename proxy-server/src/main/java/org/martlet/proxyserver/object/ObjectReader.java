package org.martlet.proxyserver.object;

import java.util.List;
import org.martlet.common.http.Conditions;
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
  /// What a client says about the part that it wants, beside its conditions.
  private static final List<String> OF_THE_PART = List.of("Range", DynamicObjects.IGNORE_RANGE);

  private final Cluster cluster;
  private final Hedging hedging;

  ObjectReader(Cluster cluster, Hedging hedging) {
    this.cluster = cluster;
    this.hedging = hedging;
  }

  /// @param method GET or HEAD
  /// @param client the client's headers: range and conditions
  /// @param newest whether the newest of all copies is wanted; else the device that is chosen
  ///     evaluates range, conditions and expiry
  /// @param now decides whether the object has expired
  BackendAnswer read(
      ObjectTarget target, String method, Headers client, boolean newest, Timestamp now)
      throws InterruptedException {
    Headers headers = new Headers().set(BackendHeaders.TIMESTAMP, now.internal());
    pass(OF_THE_PART, client, headers);
    pass(Conditions.NAMES, client, headers);
    BackendRequest request = target.request(method, headers);
    Placement placement = cluster.place(target.path(), target.policy());
    BackendAnswer answer =
        newest
            ? NewestRead.of(cluster, placement, request, now)
            : cluster.read(placement, request, false, hedging);
    return method.equals("GET") && answer.isSuccess()
        ? ResumingBody.protect(cluster, placement, request, answer)
        : answer;
  }

  private static void pass(List<String> names, Headers from, Headers to) {
    for (String name : names) {
      from.all(name).forEach(value -> to.add(name, value));
    }
  }
}
