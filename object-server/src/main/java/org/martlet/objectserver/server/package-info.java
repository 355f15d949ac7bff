/// The object server's HTTP side: what a request asks of a device's store, and how the outcome is
/// said.
///
/// A request goes from an event loop to the bounded threads of its device and back. Nothing here
/// touches a file: that is `objectserver.store`. Invariant: no store call runs on an event loop,
/// and no byte of a body is kept in memory beyond the budget.
@NullMarked
package org.martlet.objectserver.server;

import org.jspecify.annotations.NullMarked;
