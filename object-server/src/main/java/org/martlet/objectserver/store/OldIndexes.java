package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.file.Path;
import org.martlet.common.disk.Disk;

/// The damaged indexes in `quarantine/`: at most one is kept, for whoever wants to know what came
/// to it, and none where its space is needed.
final class OldIndexes {
  private final Disk disk;
  private final Path quarantine;
  private final String prefix;

  /// @param prefix what the names of their directories begin with
  OldIndexes(Disk disk, Path quarantine, String prefix) {
    this.disk = disk;
    this.quarantine = quarantine;
    this.prefix = prefix;
  }

  /// Removes them all; what a crash leaves is removed the next time.
  ///
  /// @return whether there was one
  boolean remove() throws IOException {
    boolean found = false;
    for (String name : disk.list(quarantine)) {
      if (name.startsWith(prefix)) {
        remove(quarantine.resolve(name));
        found = true;
      }
    }
    return found;
  }

  /// A database's directory holds files only.
  private void remove(Path directory) throws IOException {
    for (String file : disk.list(directory)) {
      disk.delete(directory.resolve(file));
    }
    disk.delete(directory);
  }
}
