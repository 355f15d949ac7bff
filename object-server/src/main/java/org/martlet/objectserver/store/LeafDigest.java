package org.martlet.objectserver.store;

import org.martlet.common.model.Digest;

/// The digest over all objects and tombstones whose hashes begin with the same bits.
///
/// @param leaf those bits as a number
public record LeafDigest(int leaf, Digest digest) {}
