package org.martlet.role;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.martlet.Logging;
import org.martlet.cluster.Cluster;
import org.martlet.common.device.DeviceRefused;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.objectserver.store.DeviceStoreConfig;
import org.martlet.objectserver.store.LogDeviceStore;
import org.martlet.objectserver.store.RecoveryReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `martlet object-server rebuild-index`: makes the index of devices anew while no server has them
/// open.
@Command(
    name = "rebuild-index",
    mixinStandardHelpOptions = true,
    description = {
      "Make the index of devices anew from their volumes, while their server is stopped.",
      "What was the index goes to the device's quarantine directory."
    })
final class RebuildIndexCommand implements Callable<Integer> {
  private static final int SOME_FAILED = 1;

  @Option(
      names = "--cluster",
      paramLabel = "FILE",
      defaultValue = "/etc/martlet/cluster.toml",
      description = "The cluster that the devices are of; default: ${DEFAULT-VALUE}.")
  private Path clusterFile = Path.of("/etc/martlet/cluster.toml");

  @Parameters(
      paramLabel = "DIRECTORY",
      arity = "1..*",
      description = "The directory of each device, e.g. /srv/martlet/d1.")
  private List<Path> directories = List.of();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Logging.quiet();
    Cluster cluster = ServerFiles.cluster(clusterFile);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int code = 0;
    try (SharedRuntime runtime = new SharedRuntime(KeyValueConfig.DEFAULT)) {
      for (Path directory : directories) {
        try {
          out.println(directory + ": " + rebuilt(directory, cluster, runtime));
        } catch (IOException e) {
          err.println("martlet: " + (e instanceof DeviceRefused ? e.getMessage() : e));
          code = SOME_FAILED;
        }
      }
    }
    out.flush();
    err.flush();
    return code;
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
