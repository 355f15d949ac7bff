package org.martlet.containerserver.server;

import org.martlet.common.model.PathHasher;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.containerserver.listing.DigestKey;

/// What all servers of a cluster share.
///
/// @param id a device that belongs to another cluster is refused
public record Cluster(
    String id,
    PathHasher hasher,
    StoragePolicies policies,
    BackendSignature signature,
    DigestKey digestKey) {}
