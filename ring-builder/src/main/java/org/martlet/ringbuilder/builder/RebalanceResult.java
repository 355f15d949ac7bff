package org.martlet.ringbuilder.builder;

/// What a rebalance did.
///
/// @param changed entries of the assignment that are new, up to replicas × partitions
/// @param removedDevices devices that left the ring
/// @param balance percent by which the worst device is off its weight
/// @param dispersion percent of replicas that could be on a more distant device
/// @param fewest a lower bound: no sequence of moves that meets the plan has fewer
/// @param left the same for what is still to do: 0 when the plan is met, more when partitions
///     have to wait for later rebalances
public record RebalanceResult(
    int changed, int removedDevices, double balance, double dispersion, int fewest, int left) {

  /// How many moves more than the lower bound are made in the end, if the rest takes no more
  /// than its own bound. 0 is optimal.
  public int aboveFewest() {
    return changed + left - fewest;
  }
}
