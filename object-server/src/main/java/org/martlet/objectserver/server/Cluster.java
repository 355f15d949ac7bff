package org.martlet.objectserver.server;

import org.martlet.common.model.PathHasher;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.objectserver.outbox.ContainerRing;

/// What an object server knows of the cluster that it belongs to.
///
/// @param signature checks requests, and signs the updates that are sent
public record Cluster(
    PathHasher hasher,
    StoragePolicies policies,
    BackendSignature signature,
    ContainerRing containers,
    ObjectRings objects) {}
