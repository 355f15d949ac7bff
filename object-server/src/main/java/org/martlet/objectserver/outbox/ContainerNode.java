package org.martlet.objectserver.outbox;

import org.martlet.common.http.Endpoint;

/// A device that keeps a replica of a container's listing.
///
/// @param endpoint of its container server
/// @param device its name there
public record ContainerNode(Endpoint endpoint, String device) {}
