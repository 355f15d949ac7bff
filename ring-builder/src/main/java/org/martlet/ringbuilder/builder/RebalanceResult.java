package org.martlet.ringbuilder.builder;

/// What a rebalance did.
///
/// @param changed entries of the assignment that are new, up to replicas × partitions
/// @param removedDevices devices that left the ring
/// @param balance percent by which the worst device is off its weight
/// @param dispersion percent of replicas that could be on a more distant device
public record RebalanceResult(int changed, int removedDevices, double balance, double dispersion) {}
