package org.martlet;

import java.io.PrintWriter;
import org.martlet.common.runtime.FatalErrors;
import org.martlet.device.DeviceInfoCommand;
import org.martlet.device.ObjectInfoCommand;
import org.martlet.ring.RingCommand;
import org.martlet.ringbuilder.cli.GetNodesCommand;
import org.martlet.ringbuilder.cli.RingBuilderCommand;
import org.martlet.role.ContainerServerCommand;
import org.martlet.role.InitDeviceCommand;
import org.martlet.role.LogLevelCommand;
import org.martlet.role.NodeCommand;
import org.martlet.role.ObjectServerCommand;
import org.martlet.role.ProxyServerCommand;
import org.martlet.role.RejoinDeviceCommand;
import org.martlet.status.ReplicationCommand;
import org.martlet.status.StatusCommand;
import org.martlet.up.UpCommand;
import org.martlet.where.WhereCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The one command.
@Command(
    name = "martlet",
    description = "A distributed object store that speaks the OpenStack Swift API.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {"", "Try it: martlet up"})
public final class Martlet implements Runnable {
  private static final int USAGE_WIDTH = 100;
  private static final int EXIT_MISTAKE = 1;

  /// The process found itself broken and stopped at once; started again, it recovers as after a
  /// crash.
  private static final int EXIT_BROKEN = 70;

  @Spec private CommandSpec spec = CommandSpec.create();

  public static void main(String[] arguments) {
    Thread.setDefaultUncaughtExceptionHandler(new FatalErrors(Martlet::stopBroken));
    int code = commandLine().execute(arguments);
    Logging.stop();
    System.exit(code);
  }

  private static void stopBroken() {
    try {
      Logging.stop();
    } finally {
      Runtime.getRuntime().halt(EXIT_BROKEN);
    }
  }

  private static CommandLine commandLine() {
    CommandLine command = new CommandLine(new Martlet());
    command.addSubcommand(new UpCommand());
    command.addSubcommand(new ProxyServerCommand());
    command.addSubcommand(new ObjectServerCommand());
    command.addSubcommand(new ContainerServerCommand());
    command.addSubcommand(new NodeCommand());
    command.addSubcommand(new InitDeviceCommand());
    command.addSubcommand(new RejoinDeviceCommand());
    command.addSubcommand(new StatusCommand());
    command.addSubcommand(new LogLevelCommand());
    command.addSubcommand(new WhereCommand());
    command.addSubcommand(new ReplicationCommand());
    command.addSubcommand(new DeviceInfoCommand());
    command.addSubcommand(new ObjectInfoCommand());
    command.addSubcommand(new RingBuilderCommand());
    command.addSubcommand(new RingCommand());
    command.addSubcommand(new GetNodesCommand());
    command.setUsageHelpWidth(USAGE_WIDTH);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setExecutionExceptionHandler(Martlet::report);
    return command;
  }

  /// A user's mistake is its message alone; anything else is a defect, shown with its trace.
  private static int report(Exception e, CommandLine command, CommandLine.ParseResult result) {
    PrintWriter err = command.getErr();
    if (e instanceof UserMistake) {
      err.println("martlet: " + e.getMessage());
    } else {
      err.println("martlet: an unexpected fault, please report it:");
      e.printStackTrace(err);
    }
    err.flush();
    return EXIT_MISTAKE;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
