/// The log of a device: append-only volume files of checksummed records, blob files for large
/// bodies, and what reads them back.
///
/// Knows records and bytes, not which of them are current: that is the index's. Invariant:
/// nothing is returned from a file before its checksum, seeded with the volume's salt and the
/// record's own offset, was verified. The byte layouts are in `docs/disk-format.md`.
@NullMarked
package org.martlet.objectserver.volume;

import org.jspecify.annotations.NullMarked;
