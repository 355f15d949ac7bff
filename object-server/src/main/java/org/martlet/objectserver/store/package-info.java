/// The storage engine of one device: object state in append-only volumes, large bodies in blob
/// files, an index beside them. [DeviceStore] is the entry.
///
/// Knows nothing of HTTP, rings or other devices. Invariant: what a mutation's future reports as
/// stored is on stable storage, and no byte of a body is handed out before its checksum was
/// verified.
@NullMarked
package org.martlet.objectserver.store;

import org.jspecify.annotations.NullMarked;
