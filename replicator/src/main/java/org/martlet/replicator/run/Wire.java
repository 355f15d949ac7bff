package org.martlet.replicator.run;

import org.martlet.common.http.HttpClient;
import org.martlet.common.http.Timeouts;
import org.martlet.common.protocol.BackendSignature;

/// What all requests of a node's replication share.
///
/// @param budget from which every request and every byte of a body is taken
public record Wire(
    HttpClient client, BackendSignature signature, Timeouts timeouts, Budget budget) {}
