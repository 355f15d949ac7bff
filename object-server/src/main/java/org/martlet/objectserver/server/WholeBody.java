package org.martlet.objectserver.server;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Refused;

/// Reads the bodies of requests whole, in memory that the budget for bodies grants.
final class WholeBody {
  private final BodyBudget budget;

  WholeBody(BodyBudget budget) {
    this.budget = budget;
  }

  /// Reads a body and goes on with it. The memory counts as taken until that has ended.
  ///
  /// @param limit more bytes are refused with 413, before they come where that is known
  /// @param then what it throws as [IllegalArgumentException] is refused with 400
  <T> CompletableFuture<T> read(
      Device device, Body body, int limit, Function<byte[], CompletableFuture<T>> then) {
    if (body.length() > limit) {
      body.close();
      throw new Refused(413, "The body is longer than " + limit + " bytes");
    }
    long bytes = body.length() < 0 ? limit : body.length();
    return budget
        .take(device, bytes)
        .whenComplete(
            (taken, failure) -> {
              if (failure != null) {
                body.close();
              }
            })
        .thenCompose(
            taken ->
                Bodies.readAll(body, limit)
                    .thenCompose(whole -> understood(whole, then))
                    .whenComplete((done, failure) -> budget.release(device, bytes)));
  }

  private static <T> CompletableFuture<T> understood(
      byte[] whole, Function<byte[], CompletableFuture<T>> then) {
    try {
      return then.apply(whole);
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "The body is not understood: " + e.getMessage());
    }
  }
}
