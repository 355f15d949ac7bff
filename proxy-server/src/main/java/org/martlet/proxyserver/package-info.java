/// The proxy server: its configuration, and the one place where its parts are put together.
///
/// Not here: anything that answers a request. Invariant: what is wired here is all there is; no
/// part looks another up.
@NullMarked
package org.martlet.proxyserver;

import org.jspecify.annotations.NullMarked;
