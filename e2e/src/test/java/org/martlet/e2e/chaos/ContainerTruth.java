package org.martlet.e2e.chaos;

import java.util.HashSet;
import java.util.Set;
import org.martlet.e2e.chaos.ObjectTruth.Outcome;

/// Whether a container may be there, by the answers that its only writer got.
///
/// Threads: one writes; any may read.
final class ContainerTruth {
  private final String name;
  private Set<Boolean> possible = Set.of(false);

  ContainerTruth(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /// @param there what was asked for
  synchronized void end(boolean there, Outcome outcome) {
    switch (outcome) {
      case DONE -> possible = Set.of(there);
      case UNKNOWN -> {
        Set<Boolean> after = new HashSet<>(possible);
        after.add(there);
        possible = Set.copyOf(after);
      }
      case NOT_DONE -> {
        // As before.
      }
    }
  }

  synchronized boolean mayBeThere() {
    return possible.contains(true);
  }

  synchronized boolean mayBeAbsent() {
    return possible.contains(false);
  }

  boolean isSurelyThere() {
    return !mayBeAbsent();
  }
}
