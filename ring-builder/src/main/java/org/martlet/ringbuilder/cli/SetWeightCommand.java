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
    name = "set_weight",
    header = "Change the weight of devices.",
    synopsisHeading = "%nUsage: ",
    customSynopsis =
        "martlet ring-builder <builder> set_weight (<search> <weight>)... | <options> <weight>",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description =
        "Change the weight of devices: pairs of <search> <weight>, or options that find devices and"
            + " one <weight>. Weight 0 drains a device.")
final class SetWeightCommand extends BuilderAction {
  @Mixin private DeviceOptions options = new DeviceOptions();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask when several devices match.")
  private boolean yes;

  @Parameters(
      paramLabel = "<search> <weight>",
      arity = "1..*",
      description = "Which devices (" + DeviceSearch.GRAMMAR + ") and their new weight.")
  private List<String> values = new ArrayList<>();

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    RingBuilder builder = file.load();
    if (options.given()) {
      if (values.size() != 1) {
        throw new CliException("give one new weight after the options");
      }
      set(builder, options.search().in(builder.devices()), values.getFirst());
    } else {
      if (values.size() % 2 != 0) {
        throw new CliException("give pairs of <search> <weight>");
      }
      for (int i = 0; i < values.size(); i += 2) {
        set(builder, DeviceSearch.find(builder.devices(), values.get(i)), values.get(i + 1));
      }
    }
    file.save(builder);
    return ExitCode.SUCCESS;
  }

  private void set(RingBuilder builder, List<RingDevice> devices, String text)
      throws CliException, RingBuilderException, IOException {
    double weight = DeviceNotation.number("weight", text);
    confirm(devices, "set the weight of", yes);
    for (RingDevice device : devices) {
      builder.setWeight(device.id(), weight);
      print("%s weight set to %s", device.label(), weight);
    }
  }
}
