package org.martlet.objectserver.store;

/// What the volumes of a device hold; the rest of their bytes is garbage.
///
/// @param count how many there are
/// @param bytes of all of them
/// @param liveBytes of records that can be read
/// @param goneBytes of records that only keep older ones from coming back
public record VolumesReport(int count, long bytes, long liveBytes, long goneBytes) {}
