/// The state of one object as a value: what a PUT, a POST and a DELETE set, and how two states of
/// one object merge.
///
/// No I/O and no clock. Whatever order changes arrive in, and however often, merging them gives
/// the same state: [ObjectState#merge] is commutative, associative and idempotent. Where a body
/// lies on a device is no part of the state.
@NullMarked
package org.martlet.objectserver.state;

import org.jspecify.annotations.NullMarked;
