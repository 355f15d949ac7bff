package org.martlet.role;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.martlet.Logging;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.RealDisk;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `martlet rejoin-device`: says what is to become of the data of devices that were away for longer
/// than the reclaim age, and that servers therefore refuse.
@Command(
    name = "rejoin-device",
    mixinStandardHelpOptions = true,
    description = {
      "Let devices that were away for longer than the reclaim age take part again, while their",
      "servers are stopped.",
      "What was deleted while a device was away may be forgotten by the others, and would come back",
      "from it. Without knowing better, discard: the others bring it what it is to have."
    },
    footer = {
      "",
      "The servers' messages and /recon/martlet/devices name the devices that need it."
    })
public final class RejoinDeviceCommand extends DirectoriesCommand {
  /// One of them has to be given.
  private static final class Choice {
    @Option(
        names = "--discard-stale",
        required = true,
        description = {
          "Move what it holds to its directory quarantine/, and let it begin empty.",
          "Remove that by hand once the others have brought what is missing: it takes space."
        })
    private boolean discard;

    @Option(
        names = "--trust",
        required = true,
        description = {
          "Take it as it is, and compare it with the others.",
          "Right where nothing was deleted meanwhile, or where all devices were away together."
        })
    private boolean trust;
  }

  @ArgGroup(multiplicity = "1")
  private @Nullable Choice choice;

  private final Disk disk = new RealDisk();

  @Override
  public Integer call() {
    Logging.quiet();
    String cluster = ServerFiles.clusterId(clusterFile());
    return forEach(directory -> rejoin(directory, cluster));
  }

  private String rejoin(Path directory, String cluster) throws IOException {
    DeviceIdentity.read(disk, directory, cluster);
    StaleDevice device = new StaleDevice(disk, directory);
    if (choice != null && choice.trust) {
      return device.trust(Instant.now()) == 0
          ? " was not refused: nothing was changed"
          : " takes part again with what it holds";
    }
    if (choice != null && choice.discard) {
      return " begins empty; what it held is in " + device.discard(Instant.now());
    }
    throw new IllegalStateException("nothing was chosen");
  }
}
