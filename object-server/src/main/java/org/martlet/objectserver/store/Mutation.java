package org.martlet.objectserver.store;

import java.util.Optional;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.objectserver.state.ContentType;
import org.martlet.objectserver.state.Metadata;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.state.ObjectState;

/// A change of one object. All go through the join of [ObjectState#merge]; they differ in what
/// they demand of what is there.
public sealed interface Mutation {
  ObjectKey key();

  /// Asked before anything else is looked at.
  Precondition precondition();

  /// Where the object's row is to be sent; added to what is due already.
  DueTargets due();

  /// Stores a body. Outcomes: stored, superseded unless the record's data clock wins,
  /// precondition failed, or a refusal.
  ///
  /// @param record with a live state whose size is the body's
  record Put(ObjectRecord record, NewBody body, Precondition precondition, DueTargets due)
      implements Mutation {
    public Put {
      if (!record.state().isLive() || record.state().data().size() != body.size()) {
        throw new IllegalArgumentException("the record does not describe the body");
      }
    }

    @Override
    public ObjectKey key() {
      return record.key();
    }
  }

  /// Replaces metadata, and the content type where given, of a live object. Outcomes: stored,
  /// superseded if neither clock wins, not found, precondition failed, or a refusal.
  record Post(
      ObjectKey key,
      Metadata metadata,
      Optional<ContentType> contentType,
      Precondition precondition,
      DueTargets due)
      implements Mutation {}

  /// Puts a tombstone, also where nothing is. Outcomes: stored, superseded unless the tombstone
  /// wins, precondition failed, or a refusal.
  ///
  /// @param record with a tombstone's state
  record Delete(ObjectRecord record, Precondition precondition, DueTargets due)
      implements Mutation {
    public Delete {
      if (record.state().isLive()) {
        throw new IllegalArgumentException("the record is not a tombstone");
      }
    }

    public static Delete of(
        ObjectKey key,
        ObjectPath path,
        Timestamp timestamp,
        Precondition precondition,
        DueTargets due) {
      ObjectState tombstone = ObjectState.tombstone(timestamp);
      return new Delete(new ObjectRecord(key, path, tombstone), precondition, due);
    }

    @Override
    public ObjectKey key() {
      return record.key();
    }
  }

  /// Merges a record that a peer pushed. Outcomes: stored, superseded if it brings nothing new,
  /// body needed, precondition failed, or a refusal.
  ///
  /// @param body empty for a tombstone, or when the pusher believes the body to be here already
  record Apply(
      ObjectRecord record, Optional<NewBody> body, Precondition precondition, DueTargets due)
      implements Mutation {
    public Apply {
      if (body.isPresent()
          && (!record.state().isLive() || record.state().data().size() != body.get().size())) {
        throw new IllegalArgumentException("the record does not describe the body");
      }
    }

    @Override
    public ObjectKey key() {
      return record.key();
    }
  }

  /// Forgets an object or tombstone altogether: a handoff copy that its primaries have, or a
  /// tombstone past its time. Outcomes: forgotten, precondition failed if its sequence has
  /// changed or a listing update of it is due (which would be lost with it), not found, or a
  /// refusal.
  ///
  /// @param sequence what it must still have
  record Forget(ObjectKey key, Reason reason, long sequence) implements Mutation {
    /// Why; the log keeps it.
    public enum Reason {
      /// A handoff copy that was given away.
      DROPPED,
      /// A tombstone that was reclaimed.
      PURGED
    }

    @Override
    public Precondition precondition() {
      return current -> current.isPresent() && current.get().sequence() == sequence;
    }

    @Override
    public DueTargets due() {
      return DueTargets.NONE;
    }
  }
}
