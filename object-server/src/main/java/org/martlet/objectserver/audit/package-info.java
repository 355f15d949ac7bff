/// Looks for what does not belong together on a device: so far, at start, for files that nothing
/// refers to.
///
/// Changes nothing that the index knows of. Invariant: a file is removed only if no record can
/// come to refer to it any more.
@NullMarked
package org.martlet.objectserver.audit;

import org.jspecify.annotations.NullMarked;
