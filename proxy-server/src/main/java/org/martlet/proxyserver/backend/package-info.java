/// Who is asked on the other side, and how: placement by the rings, signed requests, devices that
/// fail, fan-out of changes and reads.
///
/// What to make of the answers is decided in `org.martlet.proxyserver.quorum`; this package carries
/// its effects out. Nothing here knows of clients.
///
/// Invariant: every body that a device sends is passed on, drained or closed, whatever happens.
@NullMarked
package org.martlet.proxyserver.backend;

import org.jspecify.annotations.NullMarked;
