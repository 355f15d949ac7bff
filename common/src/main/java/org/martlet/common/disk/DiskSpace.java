package org.martlet.common.disk;

/// The room on a file system, in bytes.
///
/// @param usable what this process may still write; what is reserved for root does not count
/// @param total the size of the file system
public record DiskSpace(long usable, long total) {
  public DiskSpace {
    if (usable < 0 || total < 0) {
      throw new IllegalArgumentException("negative space: " + usable + " of " + total);
    }
  }
}
