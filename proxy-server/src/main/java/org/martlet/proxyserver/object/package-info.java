/// Objects as clients see them: PUT, GET, HEAD, POST, DELETE, COPY.
///
/// Handlers read as blocking code on the request's virtual thread. Who is asked and what a quorum
/// makes of it is `backend` and `quorum`; limits and errors are `api`.
///
/// Invariant: a body is either in memory as a whole and at most [ObjectConfig#wholeBody] long, or
/// passes through bounded queues; its MD5 and CRC-32C are computed once.
@NullMarked
package org.martlet.proxyserver.object;

import org.jspecify.annotations.NullMarked;
