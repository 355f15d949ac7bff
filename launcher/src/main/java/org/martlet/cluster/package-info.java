/// What every server of a cluster must be told alike: the hash secrets, the cluster's secret, the
/// policies, and where the rings are; and how rings come in and go out while a server runs: asked
/// for and pushed ([org.martlet.cluster.RingPage]) or fetched ([org.martlet.cluster.RingFetching]).
@NullMarked
package org.martlet.cluster;

import org.jspecify.annotations.NullMarked;
