/// Carries out what `plan` decides: passes over what a device shares with others, the queue of
/// single repairs, budgets, and what can be told of all that.
///
/// Not here: decisions (`plan`), the inside of listings (`listing`), the services that delete and
/// move (`service`). Opens no data file: local devices and peers alike are asked over HTTP.
///
/// Invariant: a copy is forgotten only by [org.martlet.replicator.plan.HandoffRule] or by the rule
/// for tombstones, and only on a condition that the device checks itself.
@NullMarked
package org.martlet.replicator.run;

import org.jspecify.annotations.NullMarked;
