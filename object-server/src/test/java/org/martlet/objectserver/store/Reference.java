package org.martlet.objectserver.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.martlet.objectserver.state.ContentType;
import org.martlet.objectserver.state.Metadata;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.state.ObjectState;

/// What a device must hold, in the simplest form that can be thought of.
final class Reference {
  /// An object or tombstone.
  record Held(ObjectRecord record, long due) {}

  private final Map<ObjectKey, Held> held;

  Reference() {
    this(new TreeMap<>());
  }

  private Reference(Map<ObjectKey, Held> held) {
    this.held = held;
  }

  static Reference of(Map<ObjectKey, Held> held) {
    return new Reference(new TreeMap<>(held));
  }

  Reference copy() {
    return new Reference(new TreeMap<>(held));
  }

  Optional<Held> get(ObjectKey key) {
    return Optional.ofNullable(held.get(key));
  }

  void set(ObjectKey key, Optional<Held> value) {
    value.ifPresentOrElse(v -> held.put(key, v), () -> held.remove(key));
  }

  Map<ObjectKey, Held> all() {
    return new HashMap<>(held);
  }

  /// Applies a mutation.
  ///
  /// @return the class of outcome that a device must give
  Class<? extends MutationOutcome> apply(Mutation mutation) {
    Held old = held.get(mutation.key());
    return switch (mutation) {
      case Mutation.Put put -> replace(put.record(), put.due(), old);
      case Mutation.Delete delete -> replace(delete.record(), delete.due(), old);
      case Mutation.Post post -> post(post, old);
      case Mutation.Apply apply -> merge(apply, old);
      case Mutation.Forget forget -> {
        if (old == null) {
          yield MutationOutcome.NotFound.class;
        }
        if (old.due() != 0) {
          yield MutationOutcome.PreconditionFailed.class;
        }
        held.remove(forget.key());
        yield MutationOutcome.Forgotten.class;
      }
    };
  }

  private Class<? extends MutationOutcome> replace(ObjectRecord record, DueTargets due, Held old) {
    if (old != null && record.state().data().compareTo(old.record().state().data()) <= 0) {
      return MutationOutcome.Superseded.class;
    }
    ObjectState state = old == null ? record.state() : old.record().state().merge(record.state());
    return store(record.withState(state), due, old);
  }

  private Class<? extends MutationOutcome> store(ObjectRecord record, DueTargets due, Held old) {
    held.put(record.key(), new Held(record, due.mask() | (old == null ? 0 : old.due())));
    return MutationOutcome.Stored.class;
  }

  private Class<? extends MutationOutcome> post(Mutation.Post post, Held old) {
    if (old == null || !old.record().state().isLive()) {
      return MutationOutcome.NotFound.class;
    }
    ObjectState state = old.record().state();
    Metadata metadata =
        post.metadata().compareTo(state.metadata()) > 0 ? post.metadata() : state.metadata();
    ContentType given = post.contentType().orElse(state.contentType());
    ContentType type = given.compareTo(state.contentType()) > 0 ? given : state.contentType();
    ObjectState merged = new ObjectState(state.data(), type, metadata);
    return merged.equals(state)
        ? MutationOutcome.Superseded.class
        : store(old.record().withState(merged), post.due(), old);
  }

  private Class<? extends MutationOutcome> merge(Mutation.Apply apply, Held old) {
    ObjectState given = apply.record().state();
    ObjectState merged = old == null ? given : old.record().state().merge(given);
    if (old != null && merged.equals(old.record().state())) {
      return MutationOutcome.Superseded.class;
    }
    boolean newData = old == null || !merged.data().equals(old.record().state().data());
    if (newData && merged.isLive() && apply.body().isEmpty()) {
      return MutationOutcome.BodyNeeded.class;
    }
    return store(apply.record().withState(merged), apply.due(), old);
  }
}
