package org.martlet.objectserver.server;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.objectserver.state.ContentType;
import org.martlet.objectserver.state.Metadata;
import org.martlet.objectserver.state.ObjectState;
import org.martlet.objectserver.store.DueTargets;
import org.martlet.objectserver.store.Mutation;
import org.martlet.objectserver.store.MutationOutcome;
import org.martlet.objectserver.store.Precondition;

/// POST of an object: replaces its metadata.
final class PostHandler {
  private static final String TYPE_TIMESTAMP = "Content-Type-Timestamp";

  private final ListingUpdates listings;

  PostHandler(ListingUpdates listings) {
    this.listings = listings;
  }

  CompletableFuture<Response> post(ObjectCall call) {
    Timestamp timestamp = call.timestamp();
    Metadata metadata =
        new Metadata(
            timestamp, ObjectHeaders.ofPost(call.headers(), timestamp, call.isReplication()));
    Precondition shown =
        call.opensExpired()
            ? Precondition.NONE
            : current ->
                current.isEmpty() || !Expiry.hasPassed(current.get().record().state(), timestamp);
    DueTargets due = listings.due(call);
    Mutation.Post mutation =
        new Mutation.Post(call.key(), metadata, contentType(call, timestamp), shown, due);
    return call.device()
        .lane()
        .callAsync(() -> call.device().store().submit(mutation))
        .thenCompose(outcome -> answer(call, due, outcome));
  }

  private static Optional<ContentType> contentType(ObjectCall call, Timestamp timestamp) {
    @Nullable String type = call.headers().get("Content-Type");
    if (type == null) {
      return Optional.empty();
    }
    @Nullable String clock = call.headers().get(TYPE_TIMESTAMP);
    return Optional.of(
        new ContentType(
            clock == null ? timestamp : ObjectCall.timestamp(TYPE_TIMESTAMP, clock), type));
  }

  private CompletableFuture<Response> answer(
      ObjectCall call, DueTargets due, MutationOutcome outcome) {
    return switch (outcome) {
      case MutationOutcome.Stored stored ->
          listings.sent(call, stored, due).thenApply(told -> accepted(stored.now().state()));
      case MutationOutcome.Superseded superseded ->
          throw Answers.conflict(superseded.current().newest());
      case MutationOutcome.PreconditionFailed expired -> throw Answers.notFound(expired.current());
      case MutationOutcome.NotFound missing -> throw Answers.notFound(missing.current());
      case MutationOutcome.Refusal refusal -> throw Answers.of(refusal);
      case MutationOutcome.Forgotten forgotten ->
          throw new IllegalStateException("a POST forgot an object");
      case MutationOutcome.BodyNeeded needed ->
          throw new IllegalStateException("a POST asked for a body");
    };
  }

  private static Response accepted(ObjectState state) {
    Headers headers =
        Headers.of(
            "X-Backend-Content-Type",
            state.contentType().value(),
            BackendHeaders.STORED_TIMESTAMP,
            state.clocks().newest().internal());
    ObjectHeaders.write(state.data().headers(), headers);
    return Response.empty(202, headers);
  }
}
