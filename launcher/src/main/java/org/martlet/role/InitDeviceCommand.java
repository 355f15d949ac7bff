package org.martlet.role;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.martlet.Logging;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.device.DeviceRefused;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.RealDisk;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
public final class InitDeviceCommand implements Callable<Integer> {
  private static final int SOME_REFUSED = 1;

  @Option(
      names = "--cluster",
      paramLabel = "FILE",
      defaultValue = "/etc/martlet/cluster.toml",
      description = "The cluster that the devices are for; default: ${DEFAULT-VALUE}.")
  private Path clusterFile = Path.of("/etc/martlet/cluster.toml");

  @Option(
      names = "--no-mount-check",
      description = "Take plain directories, too, on which no disk is mounted.")
  private boolean anyDirectory;

  @Parameters(
      paramLabel = "DIRECTORY",
      arity = "1..*",
      description = "The mount point of each disk, e.g. /srv/martlet/d1.")
  private List<Path> directories = List.of();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Disk disk = new RealDisk();

  @Override
  public Integer call() {
    Logging.quiet();
    String cluster = ServerFiles.clusterId(clusterFile);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int code = 0;
    for (Path directory : directories) {
      try {
        out.println(initialise(directory, cluster));
      } catch (IOException e) {
        err.println("martlet: " + (e instanceof DeviceRefused ? e.getMessage() : e));
        code = SOME_REFUSED;
      }
    }
    out.flush();
    err.flush();
    return code;
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
      return directory + " is device " + known.device() + " already";
    }
    DeviceIdentity made = DeviceIdentity.create(disk, directory, cluster, UUID.randomUUID());
    return directory + " is device " + made.device();
  }
}
