/// What servers say to each other on top of HTTP: header names, the signature on every request, and
/// the batches of listing rows. `docs/http-api.md` describes the same in prose.
///
/// Not here: who is asked, what is done with the answer. Formats are versioned and bounded; nothing
/// in them is a language's own serialisation.
@NullMarked
package org.martlet.common.protocol;

import org.jspecify.annotations.NullMarked;
