/// How containers and accounts come to the same on two replicas: which listings differ, which parts
/// of their names, which rows; and what of that each has to get.
///
/// Not here: what is inside a row or a listing's own state (the container server's own records,
/// passed on as they are), and when this is done (`run`).
///
/// Invariant: everything that travels is joined with what is there, so that order, repetition and
/// interruption do no harm; a listing is dropped only after every primary has said that it has it.
@NullMarked
package org.martlet.replicator.listing;

import org.jspecify.annotations.NullMarked;
