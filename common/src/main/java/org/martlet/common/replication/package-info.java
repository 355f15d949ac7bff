/// What replicas say to each other when they compare and repair what they hold: digests, listings
/// of records, frames of whole records, and what became of them. The same for objects, containers
/// and accounts as far as they are the same.
///
/// Not here: who compares what with whom, and what follows from it (`replicator`); what a record
/// is inside (the object server's own).
///
/// Invariant: everything decoded here is hostile until checked. Sizes are bounded by the bytes that
/// came, and a decoder says in words what is wrong.
@NullMarked
package org.martlet.common.replication;

import org.jspecify.annotations.NullMarked;
