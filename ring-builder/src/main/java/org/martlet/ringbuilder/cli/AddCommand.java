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
import picocli.CommandLine.Parameters;

@Command(
    name = "add",
    header = "Add devices.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> add (<device> <weight>)... | <options>",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description = {
      "Add devices. They get partitions at the next rebalance.",
      "Give each as @|bold [r<region>]z<zone>-<ip>:<port>[R<ip>:<port>]/<name>[_<meta>] <weight>|@,"
          + " or one by options."
    })
final class AddCommand extends BuilderAction {
  @Mixin private DeviceOptions options = new DeviceOptions();

  @Parameters(
      paramLabel = "<device> <weight>",
      arity = "0..*",
      description = "Devices, each followed by its weight.")
  private List<String> values = new ArrayList<>();

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    RingBuilder builder = file.load();
    List<RingDevice> added = new ArrayList<>();
    for (RingDevice wanted : wanted()) {
      RingDevice device = builder.add(wanted);
      added.add(device);
      print(
          "Device %s with %s weight got id %s",
          device.label(), Numbers.decimal(device.weight()), device.id());
    }
    saveChanged(file, builder, added);
    if (builder.everRebalanced()) {
      nextIsRebalance(file);
    } else {
      report()
          .next(
              "when all devices are added: martlet ring-builder %s rebalance", file.builderPath());
    }
    return ExitCode.SUCCESS;
  }

  private List<RingDevice> wanted() throws CliException {
    if (values.isEmpty()) {
      return List.of(options.toAdd());
    }
    if (options.given() || values.size() % 2 != 0) {
      throw new CliException("give either pairs of <device> <weight> or options for one device");
    }
    List<RingDevice> wanted = new ArrayList<>();
    for (int i = 0; i < values.size(); i += 2) {
      DeviceNotation.Added parsed = DeviceNotation.parse(values.get(i), values.get(i + 1));
      if (!parsed.regionGiven()) {
        report().warn("No region specified for " + values.get(i) + ". Defaulting to region 1.");
      }
      wanted.add(parsed.device());
    }
    return wanted;
  }
}
