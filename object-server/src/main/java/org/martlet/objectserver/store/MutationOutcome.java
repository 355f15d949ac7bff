package org.martlet.objectserver.store;

import java.util.Optional;
import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.state.ObjectRecord;

/// What became of a mutation, decided atomically by the device's committer.
public sealed interface MutationOutcome {

  /// The object has changed, durably.
  ///
  /// @param now the merged record
  /// @param sequence of this change
  /// @param before what was there until then
  record Stored(ObjectRecord now, long sequence, Optional<ObjectClocks> before)
      implements MutationOutcome {}

  /// The object or tombstone is gone, durably.
  record Forgotten() implements MutationOutcome {}

  /// Nothing changed: what is there already has the same or newer clocks.
  ///
  /// @param sequence of what is there
  record Superseded(ObjectClocks current, long sequence) implements MutationOutcome {}

  /// Nothing changed: the mutation's precondition did not hold.
  record PreconditionFailed(Optional<ObjectClocks> current) implements MutationOutcome {}

  /// Nothing changed: a POST, drop or purge of what is not there.
  ///
  /// @param current the tombstone, where there is one
  record NotFound(Optional<ObjectClocks> current) implements MutationOutcome {}

  /// Nothing changed: the pushed record's data is newer than what is there, so its body is
  /// needed.
  record BodyNeeded(Optional<ObjectClocks> current) implements MutationOutcome {}

  /// Nothing was tried, or what was tried has been undone.
  sealed interface Refusal extends MutationOutcome {}

  /// Below a reserve, or the file system is full.
  record InsufficientStorage() implements Refusal {}

  /// Too much is waiting for this device; another moment may do.
  record Busy() implements Refusal {}

  /// The device is hung, offline or closed. If that happened while this mutation was being
  /// written, it may turn out stored after a restart.
  record Unavailable(DeviceStatus status) implements Refusal {}
}
