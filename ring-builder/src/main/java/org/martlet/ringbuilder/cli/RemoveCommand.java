package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.util.List;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "remove",
    header = "Mark devices for removal.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> remove <search>... | <options>",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description =
        "Mark devices for removal at the next rebalance. For devices that failed: to retire one that"
            + " works, set its weight to 0, rebalance, let it drain, then remove it.")
final class RemoveCommand extends BuilderAction {
  @Mixin private DeviceArguments which = new DeviceArguments();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask when several devices match.")
  private boolean yes;

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    RingBuilder builder = file.load();
    List<RingDevice> devices = which.find(builder);
    confirm(devices, "remove", yes);
    for (RingDevice device : devices) {
      builder.remove(device.id());
      print("%s marked for removal and will be removed next rebalance.", device.label());
    }
    saveChanged(file, builder, devices);
    nextIsRebalance(file);
    return ExitCode.SUCCESS;
  }
}
