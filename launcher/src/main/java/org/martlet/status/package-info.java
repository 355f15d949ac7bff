/// Looking at a running cluster and steering its background work, over HTTP: `martlet status`,
/// `martlet replication`.
///
/// Not here: single devices and objects (`device`). Everything shown is what the servers say of
/// themselves at `/recon`; nothing is read from disks.
@NullMarked
package org.martlet.status;

import org.jspecify.annotations.NullMarked;
