package org.martlet.objectserver.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The listing updates of a device that were not delivered with their changes, as of the last pass
/// over them.
///
/// @param due how many there are
/// @param oldest how old the oldest of them is; zero for none
/// @param lastPass when the last pass ended; empty before the first
/// @param lastTook how long it took
public record LeftOver(
    String device,
    long due,
    Duration oldest,
    Optional<Instant> lastPass,
    Optional<Duration> lastTook) {}
