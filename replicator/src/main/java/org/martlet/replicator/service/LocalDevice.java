package org.martlet.replicator.service;

import java.util.function.Predicate;
import org.martlet.common.ring.RingDevice;

/// A device of this node.
///
/// @param name as in the ring
/// @param isIt tells it from all others of any ring
/// @param source what it says that there is to be done
public record LocalDevice<S>(String name, Predicate<RingDevice> isIt, S source) {}
