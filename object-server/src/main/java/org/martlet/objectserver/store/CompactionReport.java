package org.martlet.objectserver.store;

/// What compaction has done since the device was opened.
///
/// @param volume that is being rewritten; 0 for none
/// @param volumeBytes of that volume
/// @param movedBytes of bodies that were written anew
/// @param freedBytes of volumes that were removed
/// @param removedVolumes how many were
/// @param failedVolumes that cannot be read, and are left alone until the device is next opened
public record CompactionReport(
    int volume,
    long volumeBytes,
    long movedBytes,
    long freedBytes,
    long removedVolumes,
    int failedVolumes) {
  CompactionReport at(int nextVolume, long bytes) {
    return new CompactionReport(
        nextVolume, bytes, movedBytes, freedBytes, removedVolumes, failedVolumes);
  }

  CompactionReport moved(long bytes) {
    return new CompactionReport(
        volume, volumeBytes, movedBytes + bytes, freedBytes, removedVolumes, failedVolumes);
  }

  CompactionReport freed(long bytes) {
    return new CompactionReport(
        volume, volumeBytes, movedBytes, freedBytes + bytes, removedVolumes + 1, failedVolumes);
  }

  CompactionReport failed(int volumes) {
    return new CompactionReport(
        volume, volumeBytes, movedBytes, freedBytes, removedVolumes, volumes);
  }
}
