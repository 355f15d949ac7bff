/// Chaos on real processes: a controller that breaks a cluster by a seeded schedule, and a checker
/// in a process of its own that writes, reads and knows what was acknowledged.
///
/// Beside it `*ProbeIT`: single failures on purpose, and that every replica comes to know what it
/// missed.
///
/// Nothing here links against a server's classes. What may be found of an object is decided by
/// [ObjectTruth] alone; the controller tells the checker only how much is broken ([Grade]).
@NullMarked
package org.martlet.e2e.chaos;

import org.jspecify.annotations.NullMarked;
