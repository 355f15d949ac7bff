package org.martlet.up;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.RealDisk;

/// The storage devices of an embedded cluster: plain directories.
///
/// Where one is missing, an empty one takes its place, and the user is told. That cannot be the
/// mount point of a disk that is away: the data directory as a whole is there or is not.
final class EmbeddedDevices {
  private final DataDirectory directory;
  private final String clusterId;
  private final Disk disk = new RealDisk();

  EmbeddedDevices(DataDirectory directory, String clusterId) {
    this.directory = directory;
    this.clusterId = clusterId;
  }

  /// Makes what is missing; on stable storage on return.
  ///
  /// @return the devices that had to be made although the cluster is not new
  List<String> initialise() throws IOException {
    List<String> made = new ArrayList<>();
    for (String name : directory.deviceNames()) {
      Path device = Files.createDirectories(directory.devices().resolve(name));
      if (!DeviceIdentity.isPresent(disk, device)) {
        DeviceIdentity.create(disk, device, clusterId, UUID.randomUUID());
        made.add(name);
      }
    }
    disk.syncDirectory(directory.devices());
    return directory.created() ? List.of() : made;
  }
}
