package org.martlet.e2e.chaos;

import java.util.HashSet;
import java.util.Set;

/// What may be found of one object, by the answers that its only writer got.
///
/// Operations are numbered. One whose outcome is not known may have happened or not, and stays
/// possible until a later one is acknowledged: its clock is older, so it loses against that.
///
/// Threads: one writes; any may read.
final class ObjectTruth {
  /// One state.
  ///
  /// @param data the operation that wrote the body; 0 where there is none
  /// @param meta the operation that wrote the metadata
  record State(int data, int meta) {
    static final State ABSENT = new State(0, 0);

    boolean isLive() {
      return data > 0;
    }
  }

  /// What a writer asks for.
  enum Change {
    PUT,
    POST,
    DELETE
  }

  /// What it was told.
  enum Outcome {
    DONE,
    NOT_DONE,
    UNKNOWN
  }

  private final String container;
  private final String name;
  private int operations;
  private boolean everDeleted;
  private Set<State> possible = Set.of(State.ABSENT);

  ObjectTruth(String container, String name) {
    this.container = container;
    this.name = name;
  }

  String container() {
    return container;
  }

  String name() {
    return name;
  }

  /// The number of an operation that is about to be sent.
  synchronized int begin(Change change) {
    operations++;
    everDeleted |= change == Change.DELETE;
    return operations;
  }

  synchronized void end(int operation, Change change, Outcome outcome) {
    if (outcome == Outcome.NOT_DONE) {
      return;
    }
    Set<State> after = new HashSet<>();
    for (State before : possible) {
      after.add(apply(before, operation, change));
    }
    if (outcome == Outcome.UNKNOWN) {
      after.addAll(possible);
    }
    possible = Set.copyOf(after);
  }

  private static State apply(State before, int operation, Change change) {
    return switch (change) {
      case PUT -> new State(operation, operation);
      case POST -> before.isLive() ? new State(before.data(), operation) : before;
      case DELETE -> State.ABSENT;
    };
  }

  /// What an up-to-date read may find.
  synchronized Set<State> possible() {
    return possible;
  }

  /// What replicas agreed on at last.
  synchronized void settled(State state) {
    possible = Set.of(state);
  }

  /// The last operation that was begun: nothing later can be found.
  synchronized int operations() {
    return operations;
  }

  /// Whether it is certain that it is there, and no tombstone of it can be anywhere.
  synchronized boolean isSurelyThere() {
    return !everDeleted && possible.stream().allMatch(State::isLive);
  }

  synchronized boolean isSurelyGone() {
    return possible.equals(Set.of(State.ABSENT));
  }
}
