/// Clusters of real processes, looked at from outside: what a user does, what a power cut does.
///
/// Nothing here links against a server's classes; the checker keeps its own account of what was
/// acknowledged.
@NullMarked
package org.martlet.e2e;

import org.jspecify.annotations.NullMarked;
