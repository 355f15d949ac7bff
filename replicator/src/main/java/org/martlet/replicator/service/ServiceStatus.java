package org.martlet.replicator.service;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a service has done and is at. Immutable.
///
/// @param done since the start: objects deleted, objects moved
/// @param left by the pass under way or the last one: seen, but not possible yet
/// @param errors of the pass under way or the last one
/// @param running whether a pass is under way
/// @param lastPass when the last one ended
/// @param lastTook how long the last one took
/// @param lastDone of that by the last one
/// @param lastError in words
public record ServiceStatus(
    String name,
    long done,
    long left,
    long errors,
    boolean running,
    Optional<Instant> lastPass,
    Optional<Duration> lastTook,
    long lastDone,
    Optional<String> lastError) {}
