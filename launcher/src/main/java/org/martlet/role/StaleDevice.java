package org.martlet.role;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.martlet.common.device.DeviceRefused;
import org.martlet.common.device.LastPass;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskLock;

/// The directory of a device that was away for long, while no server has it open.
///
/// Whatever is done can be done again after a crash in its middle: what makes servers refuse the
/// device is removed last.
final class StaleDevice {
  private static final String QUARANTINE = "quarantine";

  /// What belongs to the services; everything else stays.
  private static final List<String> DATA =
      List.of("volumes", "blobs", "index", "index.damaged", "listings", "listings.corrupt");

  private final Disk disk;
  private final Path root;

  StaleDevice(Disk disk, Path root) {
    this.disk = disk;
    this.root = root;
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  /// Lets it take part again with what it holds.
  ///
  /// @return how many services' notes say so now
  int trust(Instant now) throws IOException {
    return whileClosed(
        () -> {
          List<String> services = services();
          for (String service : services) {
            new LastPass(disk, root, service).write(now);
          }
          return services.size();
        });
  }

  /// Moves what it holds aside, so that it begins empty.
  ///
  /// @return where that is now
  Path discard(Instant now) throws IOException {
    return whileClosed(
        () -> {
          Path quarantine = root.resolve(QUARANTINE);
          Path aside = quarantine.resolve("stale-" + now.toEpochMilli());
          disk.createDirectory(quarantine);
          disk.createDirectory(aside);
          for (String name : DATA) {
            if (disk.exists(root.resolve(name))) {
              disk.rename(root.resolve(name), aside.resolve(name));
            }
          }
          disk.syncDirectory(aside);
          disk.syncDirectory(quarantine);
          disk.syncDirectory(root);
          for (String service : services()) {
            disk.delete(root.resolve(service + LastPass.SUFFIX));
          }
          disk.syncDirectory(root);
          return aside;
        });
  }

  private List<String> services() throws IOException {
    return disk.list(root).stream()
        .filter(name -> name.endsWith(LastPass.SUFFIX))
        .map(name -> name.substring(0, name.length() - LastPass.SUFFIX.length()))
        .toList();
  }

  private <T> T whileClosed(Work<T> work) throws IOException {
    List<DiskLock> locks = new ArrayList<>();
    try {
      locks.add(lock(root.resolve("object.lock")));
      Path listings = root.resolve("listings");
      if (disk.exists(listings)) {
        // The database's own: who has it open holds it.
        locks.add(lock(listings.resolve("LOCK")));
      }
      return work.run();
    } finally {
      for (DiskLock lock : locks) {
        lock.close();
      }
    }
  }

  private DiskLock lock(Path file) throws IOException {
    Optional<DiskLock> lock = disk.tryLock(file);
    return lock.orElseThrow(
        () -> new DeviceRefused(root + " is in use: stop the servers of this machine first"));
  }
}
