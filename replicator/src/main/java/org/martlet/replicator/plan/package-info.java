/// What one device must do for its peers, decided from rings, digests and clocks alone: which
/// partitions to compare with whom ([PassPlan]), where two replicas differ ([DigestSet],
/// [LeafComparison]), and what may become of a handoff copy ([HandoffRule]).
///
/// Opens no file, sends nothing, reads no clock; whole objects of one storage policy only (a
/// fragment of an erasure-coded object belongs to one primary). Invariant: a copy is given up only
/// when every primary has been shown to hold at least its state.
@NullMarked
package org.martlet.replicator.plan;

import org.jspecify.annotations.NullMarked;
