/// The ring: which devices hold a partition, in which order others stand in, and the `.ring.gz`
/// file that says so.
///
/// A [org.martlet.common.ring.Ring] is immutable and holds no file;
/// [org.martlet.common.ring.RingFile] reads and writes Swift's format;
/// [org.martlet.common.ring.RingHolder] is what servers ask, and
/// [org.martlet.common.ring.RingWatcher] keeps it current. [org.martlet.common.ring.RingInbox]
/// takes newer files in, if a [org.martlet.common.ring.RingSeal] says that they are this cluster's.
/// Rings are *made* in the ring-builder, not here. Invariant: the same ring gives every process the
/// same primaries and the same handoff order, and both are Swift's.
@NullMarked
package org.martlet.common.ring;

import org.jspecify.annotations.NullMarked;
