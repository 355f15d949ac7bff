package org.martlet.objectserver.server;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.objectserver.state.ObjectState;
import org.martlet.objectserver.store.DueTargets;
import org.martlet.objectserver.store.Mutation;
import org.martlet.objectserver.store.MutationOutcome;
import org.martlet.objectserver.store.Precondition;
import org.martlet.objectserver.store.StoreFault;

/// DELETE of an object: puts a tombstone, also where nothing is.
final class DeleteHandler {
  private static final String IF_DELETE_AT = "X-If-Delete-At";

  private final ListingUpdates listings;

  DeleteHandler(ListingUpdates listings) {
    this.listings = listings;
  }

  /// A tombstone that was asked for, and what was shown before.
  private record Deletion(boolean wasShown, CompletableFuture<MutationOutcome> outcome) {}

  CompletableFuture<Response> delete(ObjectCall call) {
    Timestamp timestamp = call.timestamp();
    OptionalLong ifDeleteAt = ifDeleteAt(call);
    DueTargets due = listings.due(call);
    return call.device()
        .lane()
        .call(() -> submit(call, timestamp, ifDeleteAt, due))
        .thenCompose(
            deletion ->
                deletion.outcome.thenCompose(
                    outcome -> answer(call, due, deletion.wasShown, outcome)));
  }

  private static OptionalLong ifDeleteAt(ObjectCall call) {
    @Nullable String value = call.headers().get(IF_DELETE_AT);
    return value == null
        ? OptionalLong.empty()
        : OptionalLong.of(Expiry.parse(IF_DELETE_AT, value));
  }

  /// Looks first: an expired object is answered with 404, and with a condition there must be
  /// something that it can be checked on.
  private static Deletion submit(
      ObjectCall call, Timestamp timestamp, OptionalLong ifDeleteAt, DueTargets due)
      throws StoreFault {
    Optional<ObjectState> stored = call.stored();
    if (ifDeleteAt.isPresent() && stored.isEmpty()) {
      throw Answers.notFound(Optional.empty());
    }
    Precondition condition =
        ifDeleteAt.isEmpty()
            ? Precondition.NONE
            : current ->
                current.isPresent()
                    && isDueThen(current.get().record().state(), timestamp, ifDeleteAt.getAsLong());
    Mutation.Delete tombstone =
        Mutation.Delete.of(call.key(), call.path(), timestamp, condition, due);
    boolean shown =
        stored.isPresent() && (ifDeleteAt.isPresent() || Expiry.isShown(stored.get(), timestamp));
    return new Deletion(shown, call.device().store().submit(tombstone));
  }

  /// Something newer is left for the committer to refuse as outdated: 409, not 412.
  private static boolean isDueThen(ObjectState state, Timestamp timestamp, long deleteAt) {
    return !timestamp.isAfter(state.data().timestamp())
        || (state.isLive() && state.deleteAt() == deleteAt);
  }

  private CompletableFuture<Response> answer(
      ObjectCall call, DueTargets due, boolean wasShown, MutationOutcome outcome) {
    return switch (outcome) {
      case MutationOutcome.Stored stored ->
          listings.sent(call, stored, due).thenApply(told -> deleted(wasShown, stored));
      case MutationOutcome.Superseded superseded ->
          throw Answers.conflict(superseded.current().data());
      case MutationOutcome.PreconditionFailed failed ->
          throw new Refused(412, "X-If-Delete-At and X-Delete-At do not match");
      case MutationOutcome.NotFound missing -> throw Answers.notFound(missing.current());
      case MutationOutcome.Refusal refusal -> throw Answers.of(refusal);
      case MutationOutcome.Forgotten forgotten ->
          throw new IllegalStateException("a DELETE forgot an object");
      case MutationOutcome.BodyNeeded needed ->
          throw new IllegalStateException("a DELETE asked for a body");
    };
  }

  private static Response deleted(boolean wasShown, MutationOutcome.Stored stored) {
    boolean live = stored.before().isPresent() && stored.before().get().isLive();
    Headers headers =
        Headers.of(
            BackendHeaders.STORED_TIMESTAMP, stored.now().state().data().timestamp().internal());
    return live && wasShown
        ? Response.empty(204, headers)
        : new Refused(404, "The resource could not be found.", headers).response();
  }
}
