/// Account and container services over HTTP: verbs, headers and codes of OpenStack Swift's backend
/// servers, and the batches of Martlet's own (`docs/http-api.md` §1.3).
///
/// [ContainerServer] wires them: a request goes from an event loop to the bounded threads of its
/// device and back. Rules of a listing's life are in the package `listing`, not here.
///
/// Invariant: nothing blocks an event loop or the committer; no request waits without a bound.
@NullMarked
package org.martlet.containerserver.server;

import org.jspecify.annotations.NullMarked;
