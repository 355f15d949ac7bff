package org.martlet.objectserver.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.objectserver.state.ContentType;
import org.martlet.objectserver.state.Metadata;
import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.state.ObjectState;
import org.martlet.objectserver.volume.Envelope;
import org.martlet.objectserver.volume.RecordKind;

/// Decides mutations: a pure function of the mutation and of what is there.
final class Planner {
  private Planner() {}

  static Plan plan(Mutation mutation, Current current) {
    if (mutation instanceof Mutation.Forget forget) {
      return forget(forget, current);
    }
    if (!mutation.precondition().isNone()) {
      if (lacksRecord(current)) {
        return new Plan.NeedsRecord();
      }
      if (!mutation.precondition().holds(stored(current))) {
        return answer(new MutationOutcome.PreconditionFailed(current.optionalClocks()));
      }
    }
    return switch (mutation) {
      case Mutation.Put put -> replace(put.record(), put.body(), current);
      case Mutation.Delete delete -> replace(delete.record(), null, current);
      case Mutation.Post post -> post(post, current);
      case Mutation.Apply apply -> apply(apply, current);
      case Mutation.Forget forget -> forget(forget, current);
    };
  }

  private static boolean lacksRecord(Current current) {
    return current.clocks() != null && current.envelope() == null;
  }

  private static Optional<StoredObject> stored(Current current) {
    Envelope envelope = current.envelope();
    return envelope == null || current.clocks() == null
        ? Optional.empty()
        : Optional.of(new StoredObject(envelope.record(), current.sequence()));
  }

  private static Plan answer(MutationOutcome outcome) {
    return new Plan.Answer(outcome);
  }

  private static Plan forget(Mutation.Forget forget, Current current) {
    if (current.clocks() == null) {
      return answer(new MutationOutcome.NotFound(Optional.empty()));
    }
    if (current.sequence() != forget.sequence() || current.isDue()) {
      return answer(new MutationOutcome.PreconditionFailed(current.optionalClocks()));
    }
    return new Plan.Forget(
        switch (forget.reason()) {
          case DROPPED -> RecordKind.DROP;
          case PURGED -> RecordKind.PURGE;
        });
  }

  /// A PUT or a DELETE: its data has to win.
  private static Plan replace(ObjectRecord record, @Nullable NewBody body, Current current) {
    ObjectClocks there = current.clocks();
    if (there == null || record.state().data().timestamp().isAfter(there.newest())) {
      return new Plan.Write(kind(body), record, body);
    }
    if (there.data().isAfter(record.state().data().timestamp())) {
      return superseded(there, current);
    }
    Envelope envelope = current.envelope();
    if (envelope == null) {
      return new Plan.NeedsRecord();
    }
    ObjectState old = envelope.record().state();
    if (record.state().data().compareTo(old.data()) <= 0) {
      return superseded(there, current);
    }
    return new Plan.Write(kind(body), record.withState(old.merge(record.state())), body);
  }

  private static RecordKind kind(@Nullable NewBody body) {
    return switch (body) {
      case null -> RecordKind.DELETE;
      case InlineBody inline -> RecordKind.PUT_INLINE;
      case StagedBlob blob -> RecordKind.PUT_BLOB;
    };
  }

  private static Plan superseded(ObjectClocks there, Current current) {
    return answer(new MutationOutcome.Superseded(there, current.sequence()));
  }

  private static Plan post(Mutation.Post post, Current current) {
    ObjectClocks there = current.clocks();
    if (there == null || there.deleted()) {
      return answer(new MutationOutcome.NotFound(current.optionalClocks()));
    }
    Envelope envelope = current.envelope();
    if (envelope == null) {
      return new Plan.NeedsRecord();
    }
    ObjectState old = envelope.record().state();
    Metadata metadata =
        post.metadata().compareTo(old.metadata()) > 0 ? post.metadata() : old.metadata();
    ContentType type =
        post.contentType()
            .filter(t -> t.compareTo(old.contentType()) > 0)
            .orElse(old.contentType());
    ObjectState merged = new ObjectState(old.data(), type, metadata);
    return merged.equals(old)
        ? superseded(there, current)
        : new Plan.Write(RecordKind.POST, envelope.record().withState(merged), null);
  }

  private static Plan apply(Mutation.Apply apply, Current current) {
    ObjectRecord pushed = apply.record();
    ObjectClocks there = current.clocks();
    if (there == null || pushed.state().clocks().oldest().isAfter(there.newest())) {
      return withBody(apply, pushed, current);
    }
    Envelope envelope = current.envelope();
    if (envelope == null) {
      return new Plan.NeedsRecord();
    }
    ObjectState old = envelope.record().state();
    ObjectState merged = old.merge(pushed.state());
    if (merged.equals(old)) {
      return superseded(there, current);
    }
    if (!merged.data().equals(old.data())) {
      return withBody(apply, pushed.withState(merged), current);
    }
    RecordKind kind = merged.isLive() ? RecordKind.POST : RecordKind.DELETE;
    return new Plan.Write(kind, envelope.record().withState(merged), null);
  }

  /// The pushed data wins: a live one needs its body.
  private static Plan withBody(Mutation.Apply apply, ObjectRecord merged, Current current) {
    if (merged.state().isLive() && apply.body().isEmpty()) {
      return answer(new MutationOutcome.BodyNeeded(current.optionalClocks()));
    }
    NewBody body = apply.body().orElse(null);
    return new Plan.Write(kind(body), merged, body);
  }
}
