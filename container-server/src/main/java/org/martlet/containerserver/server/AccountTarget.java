package org.martlet.containerserver.server;

import org.martlet.common.http.Endpoint;

/// The account replica that one container replica reports to.
///
/// @param server of the account service
/// @param device there
public record AccountTarget(Endpoint server, String device) {}
