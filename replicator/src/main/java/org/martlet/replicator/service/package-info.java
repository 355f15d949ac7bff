/// What a cluster does on its own besides keeping replicas equal: it deletes what has expired
/// and what deleted accounts leave behind, and moves objects that lie in a wrong storage policy.
///
/// Not here: replication (`run`, `listing`). All of it goes over the servers' ordinary requests,
/// so that a replica applies the same rules to it as to a client's change.
///
/// Invariant: one executor for each thing (the first primary that answers and wants it done), and
/// nothing that two executors, or one that was cut off at any step, could not do again.
@NullMarked
package org.martlet.replicator.service;

import org.jspecify.annotations.NullMarked;
