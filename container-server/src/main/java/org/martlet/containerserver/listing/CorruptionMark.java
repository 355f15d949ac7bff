package org.martlet.containerserver.listing;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import org.martlet.common.disk.Disk;

/// The empty file `listings.corrupt` of a device: its listing database was found corrupt while it
/// was in use, and is to be moved aside at the next start.
final class CorruptionMark {
  static final String NAME = "listings.corrupt";

  private final Disk disk;
  private final Path device;

  CorruptionMark(Disk disk, Path device) {
    this.disk = disk;
    this.device = device;
  }

  boolean isSet() throws IOException {
    return disk.exists(device.resolve(NAME));
  }

  /// Returns once the mark is on stable storage.
  void set() throws IOException {
    try {
      disk.create(device.resolve(NAME)).close();
    } catch (FileAlreadyExistsException e) {
      return;
    }
    disk.syncDirectory(device);
  }

  void clear() throws IOException {
    disk.delete(device.resolve(NAME));
    disk.syncDirectory(device);
  }
}
