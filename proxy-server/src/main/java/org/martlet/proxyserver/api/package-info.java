/// The client API: what a request is once its URL is understood, limits, errors, the account and
/// the container controllers, listing formats.
///
/// Not here: authentication (`auth`), what wraps every request (`filter`), objects (`object`), who
/// is asked on the other side (`backend`). Invariant: names in here are decoded and are valid
/// Unicode without NUL; header values are Latin-1, one char a byte.
@NullMarked
package org.martlet.proxyserver.api;

import org.jspecify.annotations.NullMarked;
