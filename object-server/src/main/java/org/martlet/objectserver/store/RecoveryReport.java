package org.martlet.objectserver.store;

/// What opening a device found and did.
///
/// @param indexRebuilt whether the index was missing or of no use
/// @param records of the log that the index did not have yet
/// @param cutBytes of a crash's tail, which nobody had been told of
/// @param damagedBytes of the log that could not be read though they had been on stable storage:
///     what they held has to come back from replicas
/// @param sweptBlobs files of uploads that were never completed
public record RecoveryReport(
    boolean indexRebuilt, long records, long cutBytes, long damagedBytes, long sweptBlobs) {}
