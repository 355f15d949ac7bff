/// Who a storage device is, whichever services use it: the file `device.json`.
///
/// Servers read it, and serve only a device that has one; an operator's command writes it, once.
/// Invariant: a directory without an identity stays as it is. It may be the mount point of a disk
/// that is missing, and an empty device in its place would take writes and miss everything stored.
@NullMarked
package org.martlet.common.device;

import org.jspecify.annotations.NullMarked;
