package org.martlet.e2e.chaos;

/// One fault of a schedule.
///
/// @param node from 1; for [FaultKind#PROXY] and [FaultKind#RING] of no meaning
/// @param seed for what else the fault has to choose
record Fault(FaultKind kind, int node, long seed) {
  @Override
  public String toString() {
    return switch (kind) {
      case PROXY, RING -> kind.toString();
      default -> kind + " node" + node;
    };
  }
}
