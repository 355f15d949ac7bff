package org.martlet.e2e.chaos;

import java.util.List;
import java.util.stream.Collectors;

/// Faults that begin together, stay for a while, and are undone together.
///
/// @param length for how many milliseconds they stay
/// @param rest for how many milliseconds everything is well afterwards
record Step(List<Fault> faults, int length, int rest) {
  Step {
    faults = List.copyOf(faults);
  }

  /// What the checker may expect meanwhile.
  Grade grade() {
    return faults.size() > 1 ? Grade.MANY : Grade.ONE;
  }

  @Override
  public String toString() {
    return faults.stream().map(Fault::toString).collect(Collectors.joining(" + "))
        + " for "
        + length
        + " ms";
  }
}
