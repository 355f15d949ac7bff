package org.martlet.e2e.chaos;

/// What a cluster is made of.
///
/// @param nodes storage nodes
/// @param policies storage policies, of which the first is the default
/// @param separate whether objects and listings are processes of their own, so that one can be
///     down without the other
/// @param images whether the first device of each node is a file system of its own, where possible
/// @param seed of the first assignment of the rings
record ClusterShape(int nodes, int policies, boolean separate, boolean images, long seed) {}
