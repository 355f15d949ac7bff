package org.martlet.objectserver.store;

/// What compaction has done since the device was opened.
///
/// @param volume that is being rewritten; 0 for none
/// @param volumeBytes of that volume
/// @param walkedBytes of that volume: how far the rewrite has come
/// @param movedBytes of bodies that were written anew
/// @param freedBytes of volumes that were removed
/// @param removedVolumes how many were
/// @param failedVolumes that cannot be read, and are left alone until the device is next opened
public record CompactionReport(
    int volume,
    long volumeBytes,
    long walkedBytes,
    long movedBytes,
    long freedBytes,
    long removedVolumes,
    int failedVolumes) {
  static final CompactionReport NOTHING = new CompactionReport(0, 0, 0, 0, 0, 0, 0);

  CompactionReport at(int nextVolume, long bytes) {
    return new CompactionReport(
        nextVolume, bytes, 0, movedBytes, freedBytes, removedVolumes, failedVolumes);
  }

  CompactionReport walked(long bytes) {
    return new CompactionReport(
        volume, volumeBytes, bytes, movedBytes, freedBytes, removedVolumes, failedVolumes);
  }

  CompactionReport moved(long bytes) {
    return new CompactionReport(
        volume,
        volumeBytes,
        walkedBytes,
        movedBytes + bytes,
        freedBytes,
        removedVolumes,
        failedVolumes);
  }

  CompactionReport freed(long bytes) {
    return new CompactionReport(
        volume,
        volumeBytes,
        walkedBytes,
        movedBytes,
        freedBytes + bytes,
        removedVolumes + 1,
        failedVolumes);
  }

  CompactionReport failed(int volumes) {
    return new CompactionReport(
        volume, volumeBytes, walkedBytes, movedBytes, freedBytes, removedVolumes, volumes);
  }
}
