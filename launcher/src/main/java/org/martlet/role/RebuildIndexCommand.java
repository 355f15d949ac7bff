package org.martlet.role;

import java.io.IOException;
import java.nio.file.Path;
import org.martlet.Logging;
import org.martlet.cluster.Cluster;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.log.ProcessLog;
import org.martlet.objectserver.store.DeviceStoreConfig;
import org.martlet.objectserver.store.LogDeviceStore;
import org.martlet.objectserver.store.RecoveryReport;
import picocli.CommandLine.Command;

/// `martlet object-server rebuild-index`: makes the index of devices anew while no server has them
/// open.
@Command(
    name = "rebuild-index",
    mixinStandardHelpOptions = true,
    description = {
      "Make the index of devices anew from their volumes, while their server is stopped.",
      "What was the index goes to the device's quarantine directory."
    })
final class RebuildIndexCommand extends DirectoriesCommand {
  @Override
  public Integer call() {
    ProcessLog log = Logging.quiet();
    Cluster cluster = ServerFiles.cluster(clusterFile());
    try (SharedRuntime runtime = new SharedRuntime(KeyValueConfig.DEFAULT, cluster, log)) {
      return forEach(directory -> ": " + rebuilt(directory, cluster, runtime));
    }
  }

  private static String rebuilt(Path directory, Cluster cluster, SharedRuntime runtime)
      throws IOException {
    RecoveryReport report =
        LogDeviceStore.rebuildIndex(
            DeviceStoreConfig.of(directory).forPartPower(ObjectService.partPower(cluster)),
            ObjectService.environment(cluster, runtime));
    String damage =
        report.damagedBytes() == 0
            ? ""
            : ", " + report.damagedBytes() + " bytes are damaged: what they held is missing here";
    return "the index was made anew from " + report.records() + " records" + damage;
  }
}
