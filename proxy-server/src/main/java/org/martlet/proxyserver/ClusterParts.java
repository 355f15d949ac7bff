package org.martlet.proxyserver;

import org.martlet.common.config.Secret;
import org.martlet.common.model.PathHasher;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.proxyserver.backend.ProxyRings;

/// What all proxies of a cluster have in common.
///
/// @param rings where everything is
/// @param hasher with the cluster's prefix and suffix
/// @param policies of the cluster
/// @param signature for requests to storage servers
/// @param secret signs clients' tokens
public record ClusterParts(
    ProxyRings rings,
    PathHasher hasher,
    StoragePolicies policies,
    BackendSignature signature,
    Secret secret) {}
