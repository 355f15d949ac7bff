package org.martlet.replicator.run;

import org.martlet.replicator.plan.DigestSet;
import org.martlet.replicator.plan.Leaf;

/// The leaves of one partition on one device.
///
/// @param bits that selected them: what was asked for, or as many as the device has
/// @param isPrimary whether by its own ring the device is a primary of the partition
public record LeafDigests(int bits, boolean isPrimary, DigestSet<Leaf> digests) {}
