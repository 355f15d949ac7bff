/// Decides from answers alone what a proxy does next: whom to ask, when enough have answered, what
/// to tell the client.
///
/// Every class here is a value or a state machine (event → effects) without clocks, threads,
/// sockets or randomness; `org.martlet.proxyserver.backend` and `.object` drive them.
///
/// Invariant: no outcome says that a change succeeded unless [DurabilityRule#holds] for the devices
/// that acknowledged it.
@NullMarked
package org.martlet.proxyserver.quorum;

import org.jspecify.annotations.NullMarked;
