package org.martlet.proxyserver.api;

import java.util.List;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;

/// The account servers and the container servers, as one: the path tells which.
///
/// - Errors: what too few servers agree on, or nobody could answer, is a response with status 503.
/// - Threads: any; blocks.
public interface ListingServers {
  /// Asks for what is there: one replica, or all where only the newest will do.
  ///
  /// @param ask GET or HEAD
  /// @return an answer whose body is to be read or closed
  Response read(Ask ask, boolean newest) throws InterruptedException;

  /// Asks every replica, and gives the heads of all answers that came.
  List<Response> readAll(Ask ask) throws InterruptedException;

  /// Sends a change to all replicas and gives the answer that a quorum agrees on, without a body.
  Response change(Ask ask) throws InterruptedException;

  /// @param method e.g. `PUT`
  /// @param path an account or a container
  /// @param query percent-encoded; empty for none
  /// @param headers for the servers
  /// @param transactionId for both sides' logs
  record Ask(String method, ObjectPath path, String query, Headers headers, String transactionId) {
    static Ask of(RequestContext request, String method, Headers headers) {
      return new Ask(method, request.path(), "", headers, request.transactionId());
    }
  }
}
