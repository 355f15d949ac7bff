package org.martlet.role;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.martlet.common.device.DeviceRefused;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// A command that does the same to each of several device directories of one cluster: where it
/// fails with one, it says so and goes on with the next.
abstract class DirectoriesCommand implements Callable<Integer> {
  private static final int SOME_FAILED = 1;
  private static final String ROOT = "root";

  @Option(
      names = "--cluster",
      paramLabel = "FILE",
      defaultValue = "/etc/martlet/cluster.toml",
      description = "The cluster that the devices belong to; default: ${DEFAULT-VALUE}.")
  private Path clusterFile = Path.of("/etc/martlet/cluster.toml");

  @Parameters(
      paramLabel = "DIRECTORY",
      arity = "1..*",
      description = "The directory of each device, where its disk is mounted: /srv/martlet/d1.")
  private List<Path> directories = List.of();

  @Spec private CommandSpec spec = CommandSpec.create();

  /// What is done to one directory.
  interface Work {
    /// @return what was done, for the operator
    String on(Path directory) throws IOException;
  }

  final Path clusterFile() {
    return clusterFile;
  }

  /// @return the command's exit code
  final int forEach(Work work) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int code = 0;
    for (Path directory : directories) {
      try {
        refuseForeign(directory);
        out.println(directory + work.on(directory));
      } catch (IOException e) {
        err.println("martlet: " + (e instanceof DeviceRefused ? e.getMessage() : e));
        code = SOME_FAILED;
      }
    }
    out.flush();
    err.flush();
    return code;
  }

  /// What root writes on a device of the servers' user, its servers could not change.
  private static void refuseForeign(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    String owner = Files.getOwner(directory).getName();
    if (ROOT.equals(System.getProperty("user.name")) && !owner.equals(ROOT)) {
      throw new DeviceRefused(
          directory
              + " belongs to "
              + owner
              + ", whose servers could not change what root writes there: runuser -u "
              + owner
              + " -- martlet …");
    }
  }
}
