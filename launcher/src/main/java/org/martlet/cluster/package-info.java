/// What every server of a cluster must be told alike: the hash secrets, the cluster's secret, the
/// policies, and where the rings are.
@NullMarked
package org.martlet.cluster;

import org.jspecify.annotations.NullMarked;
