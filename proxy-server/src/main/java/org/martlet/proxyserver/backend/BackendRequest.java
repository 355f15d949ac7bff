package org.martlet.proxyserver.backend;

import java.util.function.Supplier;
import org.martlet.common.http.Body;
import org.martlet.common.http.Conditions;
import org.martlet.common.http.Headers;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.model.ObjectPath;

/// What is asked of storage servers, the same of each.
///
/// @param method e.g. `PUT`
/// @param path the account, container or object
/// @param query what follows the question mark, percent-encoded; empty for none
/// @param headers for the server; signature, transaction id and replica index are added a request
/// @param body makes the body anew for each device
/// @param transactionId for both sides' logs
public record BackendRequest(
    String method,
    ObjectPath path,
    String query,
    Headers headers,
    Supplier<Body> body,
    String transactionId) {
  public static BackendRequest of(
      String method, ObjectPath path, Headers headers, String transactionId) {
    return new BackendRequest(method, path, "", headers, Body::empty, transactionId);
  }

  /// Asks for the head of the whole: without a range and without conditions.
  BackendRequest asHead() {
    Headers plain = headers.copy().remove("Range");
    Conditions.NAMES.forEach(plain::remove);
    return new BackendRequest("HEAD", path, query, plain, Body::empty, transactionId);
  }

  public BackendRequest withQuery(String rawQuery) {
    return new BackendRequest(method, path, rawQuery, headers, body, transactionId);
  }

  public BackendRequest withHeaders(Headers others) {
    return new BackendRequest(method, path, query, others, body, transactionId);
  }

  public BackendRequest withBody(Supplier<Body> other) {
    return new BackendRequest(method, path, query, headers, other, transactionId);
  }

  /// Path and query on the wire.
  String target(BackendNode node) {
    String where =
        "/"
            + PercentCoding.encodePath(node.device().device())
            + "/"
            + node.partition().value()
            + PercentCoding.encodePath(path.toString());
    return query.isEmpty() ? where : where + "?" + query;
  }
}
