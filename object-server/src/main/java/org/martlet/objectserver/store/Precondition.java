package org.martlet.objectserver.store;

import java.util.Optional;

/// A condition on what is stored, decided by the committer in one step with the change itself.
///
/// Implementations are quick, do not block, and depend on nothing but their argument and their
/// own values: they may be asked more than once, on any thread.
@FunctionalInterface
public interface Precondition {
  /// Always holds; saves reading what is there.
  Precondition NONE =
      new Precondition() {
        @Override
        public boolean holds(Optional<StoredObject> current) {
          return true;
        }

        @Override
        public boolean isNone() {
          return true;
        }
      };

  /// @param current what is there now, tombstones included
  boolean holds(Optional<StoredObject> current);

  /// Whether it needs not be asked.
  default boolean isNone() {
    return false;
  }
}
