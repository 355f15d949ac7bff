package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.util.List;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "search",
    header = "Show the devices that match.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> search <search>... | <options>",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description = "Show the devices that match.")
final class SearchCommand extends BuilderAction {
  @Mixin private DeviceArguments which = new DeviceArguments();

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    RingBuilder builder = file.load();
    List<RingDevice> devices = which.find(builder);
    report().answer(DeviceTable.json(builder, devices));
    DeviceTable.found(builder, devices, report());
    return ExitCode.SUCCESS;
  }
}
