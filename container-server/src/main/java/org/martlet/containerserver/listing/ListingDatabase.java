package org.martlet.containerserver.listing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.martlet.common.disk.Disk;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueOpener;
import org.martlet.common.kv.KeyValueStore;
import org.martlet.common.kv.LogUse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the directory `listings/` of a device.
///
/// A database that is corrupt, or was found so before ([CorruptionMark]), is moved aside whole,
/// under a name with the time, and an empty one takes its place: replicas have the same rows, and
/// replication brings them back. What was moved aside is never deleted here.
final class ListingDatabase {
  static final String DIRECTORY = "listings";
  private static final String ASIDE = DIRECTORY + ".corrupt-";
  private static final Logger log = LoggerFactory.getLogger(ListingDatabase.class);

  private final Disk disk;
  private final KeyValueOpener opener;
  private final InstantSource clock;

  ListingDatabase(Disk disk, KeyValueOpener opener, InstantSource clock) {
    this.disk = disk;
    this.opener = opener;
    this.clock = clock;
  }

  /// @param device the device's directory, which must be there
  KeyValueStore open(Path device) throws IOException {
    Path directory = device.resolve(DIRECTORY);
    CorruptionMark mark = new CorruptionMark(disk, device);
    if (mark.isSet()) {
      if (disk.exists(directory)) {
        moveAside(directory, "it was found corrupt while it was in use");
      }
      mark.clear();
    }
    try {
      return opener.open(directory, ListingKeys.FAMILIES, LogUse.ALWAYS);
    } catch (KeyValueFault e) {
      if (e.kind() != KeyValueFault.Kind.CORRUPT) {
        throw e;
      }
      moveAside(directory, String.valueOf(e.getMessage()));
      return opener.open(directory, ListingKeys.FAMILIES, LogUse.ALWAYS);
    }
  }

  /// How many databases were moved aside on a device and are still there.
  static int movedAside(Disk disk, Path device) throws IOException {
    return (int) disk.list(device).stream().filter(name -> name.startsWith(ASIDE)).count();
  }

  private void moveAside(Path directory, String why) throws IOException {
    Path aside = directory.resolveSibling(ASIDE + clock.instant().toEpochMilli());
    log.error(
        "{} is corrupt: moved to {}, an empty database takes its place: {}", directory, aside, why);
    disk.rename(directory, aside);
    Path device = directory.getParent();
    if (device != null) {
      disk.syncDirectory(device);
    }
  }
}
