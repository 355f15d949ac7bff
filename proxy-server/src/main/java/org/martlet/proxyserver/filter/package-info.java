/// What wraps every request, in the fixed order that `ProxyServer` writes down: access log, errors
/// and transaction id, gatekeeper, healthcheck, `/info`, authentication, router.
///
/// Not here: what accounts, containers and objects are. Invariant: behind the gatekeeper no header
/// that only servers may send comes from a client, and none leaves to one.
@NullMarked
package org.martlet.proxyserver.filter;

import org.jspecify.annotations.NullMarked;
