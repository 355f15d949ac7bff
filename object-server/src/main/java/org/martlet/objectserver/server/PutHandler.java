package org.martlet.objectserver.server;

import java.util.concurrent.CompletableFuture;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpDate;
import org.martlet.common.http.Response;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.objectserver.store.DueTargets;
import org.martlet.objectserver.store.MutationOutcome;

/// PUT of an object: receives the body, stores it, has the listing told.
final class PutHandler {
  private final BodyBudget budget;
  private final ReadBuffers buffers;
  private final ListingUpdates listings;

  PutHandler(BodyBudget budget, ReadBuffers buffers, ListingUpdates listings) {
    this.budget = budget;
    this.buffers = buffers;
    this.listings = listings;
  }

  CompletableFuture<Response> put(ObjectCall call) {
    PutRequest request = PutRequest.of(call);
    DueTargets due = listings.due(call);
    return new PutReception(request, due, budget, buffers)
        .receive()
        .thenCompose(outcome -> answer(call, request.timestamp(), due, outcome));
  }

  private CompletableFuture<Response> answer(
      ObjectCall call, Timestamp timestamp, DueTargets due, MutationOutcome outcome) {
    return switch (outcome) {
      case MutationOutcome.Stored stored ->
          listings.sent(call, stored, due).thenApply(told -> created(stored, timestamp));
      case MutationOutcome.Superseded superseded ->
          throw Answers.conflict(superseded.current().data());
      case MutationOutcome.PreconditionFailed failed -> throw Answers.preconditionFailed();
      case MutationOutcome.NotFound missing -> throw Answers.notFound(missing.current());
      case MutationOutcome.Refusal refusal -> throw Answers.of(refusal);
      case MutationOutcome.Forgotten forgotten ->
          throw new IllegalStateException("a PUT forgot an object");
      case MutationOutcome.BodyNeeded needed ->
          throw new IllegalStateException("a PUT came without its body");
    };
  }

  private static Response created(MutationOutcome.Stored stored, Timestamp timestamp) {
    Headers headers =
        Headers.of(
            "ETag",
            stored.now().state().data().etag().toString(),
            "Last-Modified",
            HttpDate.format(timestamp.secondsRoundedUp()),
            BackendHeaders.STORED_TIMESTAMP,
            stored.now().state().clocks().newest().internal());
    return Response.empty(201, headers);
  }
}
