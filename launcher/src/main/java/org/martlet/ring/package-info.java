/// How rings get from where they are made to every server: pushed to it, or fetched by it, and who
/// has which.
///
/// Nothing here makes a ring; `ring-builder` does. Invariant: what a server puts into force is
/// sealed with the cluster's secret and newer than what it had.
@NullMarked
package org.martlet.ring;

import org.jspecify.annotations.NullMarked;
