package org.martlet.common.runtime;

/// What a [BoundedExecutor] says to a task.
public enum Admission {
  /// It will run, unless the executor is closed before its turn.
  ACCEPTED,
  /// Too many wait already.
  FULL,
  /// The task at the head has waited too long: whatever the threads wait for does not answer.
  STALLED,
  /// The executor is closed.
  CLOSED
}
