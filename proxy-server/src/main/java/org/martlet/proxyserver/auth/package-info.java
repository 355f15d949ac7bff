/// Who sends a request and what it may do: users from the configuration, signed tokens, ACLs.
///
/// Not here: which ACL a request falls under; controllers ask with the container's. Invariant: keys
/// and tokens are compared in constant time and are never logged.
@NullMarked
package org.martlet.proxyserver.auth;

import org.jspecify.annotations.NullMarked;
