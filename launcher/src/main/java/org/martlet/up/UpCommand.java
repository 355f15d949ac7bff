package org.martlet.up;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.martlet.Logging;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `martlet up`.
@Command(
    name = "up",
    description = {
      "Start a cluster in this process: a proxy and storage devices on this machine.",
      "Its data, rings and configuration are kept in one directory; the next up has them again."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class UpCommand implements Callable<Integer> {
  private static final int MAX_DEVICES = 64;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "martlet-data",
      description = "Where everything is kept; default: ${DEFAULT-VALUE}.")
  private Path data = Path.of("martlet-data");

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Where clients connect, 0 for any free one; default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = {
        "Where clients connect; default: ${DEFAULT-VALUE}, this machine only.",
        "The users' keys are well known: open it to others only for a moment."
      })
  private String address = "127.0.0.1";

  @Option(
      names = "--devices",
      paramLabel = "N",
      defaultValue = "4",
      description = "Storage devices of a new cluster; default: ${DEFAULT-VALUE}.")
  private int devices;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "3",
      description = "Copies that a new cluster keeps; default: ${DEFAULT-VALUE}.")
  private int replicas;

  @Option(
      names = "--stop-when-ready",
      hidden = true,
      description = "Stop as soon as the cluster serves: for preparing the class archive.")
  private boolean stopWhenReady;

  @Override
  public Integer call() {
    check(port >= 0 && port <= 65_535, "--port is not in 0..65535: " + port);
    check(devices >= 1 && devices <= MAX_DEVICES, "--devices is not in 1.." + MAX_DEVICES);
    check(replicas >= 1 && replicas <= devices, "--replicas is not in 1.." + devices);
    Logging.quiet();
    new EmbeddedCluster(
            new UpOptions(data, address, port, devices, replicas, stopWhenReady),
            spec.commandLine().getOut())
        .run();
    return 0;
  }

  private void check(boolean good, String message) {
    if (!good) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
