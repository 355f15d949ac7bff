package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "search",
    header = "Show the devices that match.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> search <search>... | <options>",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description = "Show the devices that match.")
final class SearchCommand extends BuilderAction {
  @Mixin private DeviceOptions options = new DeviceOptions();

  @Parameters(
      paramLabel = "<search>",
      arity = "0..*",
      description = "Which devices: " + DeviceSearch.GRAMMAR + ", any part of it.")
  private List<String> values = new ArrayList<>();

  @Option(names = "--json", description = "Print a JSON array of devices.")
  private boolean json;

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    RingBuilder builder = file.load();
    List<RingDevice> devices = find(builder, values, options);
    if (devices.isEmpty()) {
      throw new CliException("no device matches");
    }
    if (json) {
      out().println(DeviceTable.json(builder, devices).toPrettyString());
      return ExitCode.SUCCESS;
    }
    DeviceTable.lines(builder, devices).forEach(out()::println);
    return ExitCode.SUCCESS;
  }
}
