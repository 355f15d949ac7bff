package org.martlet.ring;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `martlet ring`: brings rings to servers.
@Command(
    name = "ring",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Bring rings to the servers that need them, and show who has which.",
      "martlet ring-builder makes them."
    },
    subcommands = {
      RingShowCommand.class,
      RingPushCommand.class,
      RingWaitCommand.class,
      RingPullCommand.class,
      RingSealCommand.class
    })
public final class RingCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
