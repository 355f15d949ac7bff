package org.martlet.objectserver.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.martlet.common.http.Body;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.common.replication.ForgetItem;
import org.martlet.common.replication.ForgetItem.Outcome;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.store.IndexedObject;
import org.martlet.objectserver.store.Mutation;
import org.martlet.objectserver.store.Mutation.Forget.Reason;
import org.martlet.objectserver.store.MutationOutcome;
import org.martlet.objectserver.store.StoreFault;

/// `POST /<device>/replication/forget`: removes what was given away, and tombstones past their
/// time.
///
/// The device keeps, whatever a peer says, what it is a primary of by its own ring when it is to be
/// dropped, and what is no tombstone when it is to be purged.
final class ForgetHandler {
  private final Primaries primaries;
  private final WholeBody bodies;

  ForgetHandler(Primaries primaries, WholeBody bodies) {
    this.primaries = primaries;
    this.bodies = bodies;
  }

  CompletableFuture<Response> forget(Device device, int policy, ReplicationQuery query, Body body) {
    Reason reason = reason(query);
    return bodies.read(
        device,
        body,
        ForgetItem.MAX_BYTES,
        bytes -> {
          List<ForgetItem> items = ForgetItem.decode(bytes);
          return device.lane().callAsync(() -> forget(device, policy, reason, items));
        });
  }

  private static Reason reason(ReplicationQuery query) {
    return switch (query.required("reason")) {
      case "dropped" -> Reason.DROPPED;
      case "purged" -> Reason.PURGED;
      default -> throw new Refused(400, "The reason is neither dropped nor purged");
    };
  }

  private CompletableFuture<Response> forget(
      Device device, int policy, Reason reason, List<ForgetItem> items) {
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    for (ForgetItem item : items) {
      try {
        outcomes.add(forget(device, policy, reason, item));
      } catch (StoreFault e) {
        outcomes.add(CompletableFuture.completedFuture(Outcome.TRY_LATER));
      }
    }
    return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
        .thenApply(
            all ->
                PeerAnswers.of(
                    ForgetItem.encodeOutcomes(
                        outcomes.stream().map(CompletableFuture::join).toList())));
  }

  private CompletableFuture<Outcome> forget(
      Device device, int policy, Reason reason, ForgetItem item) throws StoreFault {
    ObjectKey key = ObjectKey.whole(policy, item.hash());
    boolean isToStay =
        switch (reason) {
          case DROPPED -> primaries.isPrimary(policy, item.hash(), device);
          case PURGED -> isLive(device, key);
        };
    if (isToStay) {
      return CompletableFuture.completedFuture(Outcome.CHANGED);
    }
    return device
        .store()
        .submit(new Mutation.Forget(key, reason, item.sequence()))
        .thenCompose(outcome -> outcome(device, key, item, outcome));
  }

  /// What is live when it is asked, and a tombstone when it is forgotten, has another sequence.
  private static boolean isLive(Device device, ObjectKey key) throws StoreFault {
    return device.store().lookup(key).map(found -> found.clocks().isLive()).orElse(false);
  }

  private static CompletableFuture<Outcome> outcome(
      Device device, ObjectKey key, ForgetItem item, MutationOutcome outcome) {
    return switch (outcome) {
      case MutationOutcome.Forgotten forgotten ->
          CompletableFuture.completedFuture(Outcome.FORGOTTEN);
      case MutationOutcome.NotFound missing -> CompletableFuture.completedFuture(Outcome.GONE);
      case MutationOutcome.Refusal refusal -> CompletableFuture.completedFuture(Outcome.TRY_LATER);
      case MutationOutcome.PreconditionFailed failed ->
          device.lane().resume(() -> whyKept(device, key, item));
      case MutationOutcome.Stored stored ->
          throw new IllegalStateException("something was stored to be forgotten");
      case MutationOutcome.Superseded superseded ->
          throw new IllegalStateException("forgetting has no clock");
      case MutationOutcome.BodyNeeded needed ->
          throw new IllegalStateException("forgetting needs no body");
    };
  }

  private static Outcome whyKept(Device device, ObjectKey key, ForgetItem item) throws StoreFault {
    Optional<IndexedObject> there = device.store().lookup(key);
    boolean isDue =
        there.isPresent() && there.get().sequence() == item.sequence() && there.get().isDue();
    return isDue ? Outcome.LISTING_DUE : Outcome.CHANGED;
  }
}
