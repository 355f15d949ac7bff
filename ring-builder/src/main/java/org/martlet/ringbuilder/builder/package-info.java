/// Decides which devices hold which partitions. Pure: no files, no clock of its own, no output.
///
/// [org.martlet.ringbuilder.builder.RingBuilder] is the state that operators change; a
/// rebalance makes a plan (how many replicas each failure domain should hold), then either a
/// first assignment that meets the plan exactly or the fewest moves towards it. Invariant: the
/// result depends on the state, the seed and the time given, and on nothing else.
@NullMarked
package org.martlet.ringbuilder.builder;

import org.jspecify.annotations.NullMarked;
