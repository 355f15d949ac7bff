package org.martlet.replicator.service;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.martlet.common.model.Timestamp;

/// What several devices say of one object.
///
/// A device that says "deleted" tells its newest clock only, which may be that of metadata that
/// lies under the tombstone. So a view with both live copies and tombstones is only then taken for
/// live if the body is newer than all that the others know.
record ObjectView(List<ReplicaState> states) {
  ObjectView {
    states = List.copyOf(states);
  }

  /// The copy that has the newest body, if the object exists.
  Optional<ReplicaState> live() {
    Optional<ReplicaState> newest = newest(ReplicaState::isLive);
    return newest.filter(
        copy -> tombstone().filter(grave -> !copy.data().isAfter(grave.newest())).isEmpty());
  }

  /// The newest tombstone.
  Optional<ReplicaState> tombstone() {
    return states.stream()
        .filter(state -> state.kind() == ReplicaState.Kind.DELETED)
        .max(Comparator.comparing(ReplicaState::newest));
  }

  /// Whether nobody has a body.
  boolean hasNoBody() {
    return states.stream().noneMatch(ReplicaState::isLive);
  }

  /// When the object ends, by the newest metadata; 0 for never.
  long deleteAt() {
    return states.stream()
        .filter(ReplicaState::isLive)
        .max(Comparator.comparing(ReplicaState::metadata))
        .map(ReplicaState::deleteAt)
        .orElse(0L);
  }

  /// The clock of the newest metadata of a live copy.
  Timestamp newestMetadata() {
    return states.stream()
        .filter(ReplicaState::isLive)
        .map(ReplicaState::metadata)
        .reduce(Timestamp.ZERO, Timestamp::max);
  }

  /// How many know of the object, or that it was deleted.
  int known() {
    return (int) states.stream().filter(ReplicaState::isKnown).count();
  }

  private Optional<ReplicaState> newest(Predicate<ReplicaState> wanted) {
    return states.stream()
        .filter(wanted)
        .max(
            Comparator.comparing(ReplicaState::data)
                .thenComparing(ReplicaState::metadata)
                .thenComparing(ReplicaState::newest));
  }
}
