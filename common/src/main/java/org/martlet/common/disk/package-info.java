/// The seam between a server and the files of one device.
///
/// Whatever must survive a crash goes through [org.martlet.common.disk.Disk]: the real one here,
/// and in the test jar one that loses power and one that fails or hangs on demand. All keep one
/// contract, `DiskContract`.
///
/// - It knows files and directories, not records: no format, no retry, no policy about a failed
///   disk.
/// - It is the only place that recognises an error by its text, because Java gives nothing else.
/// - Invariant: what was forced (the file, and the directory that names it) survives a power loss;
///   nothing else is promised.
@NullMarked
package org.martlet.common.disk;

import org.jspecify.annotations.NullMarked;
