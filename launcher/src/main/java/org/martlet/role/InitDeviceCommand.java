package org.martlet.role;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.martlet.Logging;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.device.DeviceRefused;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.RealDisk;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `martlet init-device`: the one way in which a directory becomes a storage device.
///
/// Servers never do it by themselves: where a disk that was mounted is missing, they would begin
/// anew in its empty mount point.
@Command(
    name = "init-device",
    mixinStandardHelpOptions = true,
    description = {
      "Make new storage devices of empty, mounted disks, once.",
      "A directory that is a device of this cluster already stays as it is."
    })
public final class InitDeviceCommand extends DirectoriesCommand {
  @Option(
      names = "--no-mount-check",
      description = "Take plain directories, too, on which no disk is mounted.")
  private boolean anyDirectory;

  private final Disk disk = new RealDisk();

  @Override
  public Integer call() {
    Logging.quiet();
    String cluster = ServerFiles.clusterId(clusterFile());
    return forEach(directory -> initialise(directory, cluster));
  }

  private String initialise(Path directory, String cluster) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new DeviceRefused(directory + " is no directory");
    }
    if (!anyDirectory && !DeviceDirectories.isMountPoint(directory)) {
      throw new DeviceRefused(
          "no disk is mounted on " + directory + "; --no-mount-check takes it nevertheless");
    }
    if (DeviceIdentity.isPresent(disk, directory)) {
      DeviceIdentity known = DeviceIdentity.read(disk, directory, cluster);
      return " is device " + known.device() + " already";
    }
    DeviceIdentity made = DeviceIdentity.create(disk, directory, cluster, UUID.randomUUID());
    return " is device " + made.device();
  }
}
