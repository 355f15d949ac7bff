package org.martlet.objectserver.store;

import org.jspecify.annotations.Nullable;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.volume.RecordKind;

/// What to do about a mutation.
sealed interface Plan {
  /// Nothing is to be written.
  record Answer(MutationOutcome outcome) implements Plan {}

  /// It cannot be told without the whole record of what is there.
  record NeedsRecord() implements Plan {}

  /// A state is to be written.
  ///
  /// @param newBody null: the body, if there is one, stays where it is
  record Write(RecordKind kind, ObjectRecord record, @Nullable NewBody newBody) implements Plan {}

  /// A gone record is to be written.
  record Forget(RecordKind kind) implements Plan {}
}
