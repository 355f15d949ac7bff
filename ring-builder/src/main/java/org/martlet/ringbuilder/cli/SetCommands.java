package org.martlet.ringbuilder.cli;

import org.martlet.common.ring.RingDevice;
import picocli.CommandLine.Command;

/// The commands that change how much devices hold, and where they are.
final class SetCommands {
  private SetCommands() {}

  @Command(
      name = "set_weight",
      header = "Change the weight of devices.",
      synopsisHeading = "%nUsage: ",
      customSynopsis =
          "martlet ring-builder <builder> set_weight (<search> <weight>)... | <options> <weight>",
      descriptionHeading = "%n",
      parameterListHeading = "%n",
      description =
          "Change the weight of devices: pairs of <search> <weight>, or options that find devices"
              + " and one <weight>. Weight 0 drains a device.")
  static final class Weight extends SetCommand {
    Weight() {
      super("weight");
    }

    @Override
    DeviceEdit edit(String value) throws CliException {
      return new DeviceEdit().weight(DeviceNotation.number("weight", value));
    }

    @Override
    String done(RingDevice before, RingDevice after) {
      return after.label() + " weight set to " + Numbers.decimal(after.weight());
    }
  }

  @Command(
      name = "set_region",
      header = "Change the region of devices.",
      synopsisHeading = "%nUsage: ",
      customSynopsis =
          "martlet ring-builder <builder> set_region (<search> <region>)... | <options> <region>",
      descriptionHeading = "%n",
      parameterListHeading = "%n",
      description = "Change the region of devices; partitions follow at the next rebalance.")
  static final class Region extends SetCommand {
    Region() {
      super("region");
    }

    @Override
    DeviceEdit edit(String value) throws CliException {
      return new DeviceEdit().region(DeviceNotation.integer("region", value));
    }

    @Override
    String done(RingDevice before, RingDevice after) {
      return after.label() + " region set to " + after.region();
    }
  }

  @Command(
      name = "set_zone",
      header = "Change the zone of devices.",
      synopsisHeading = "%nUsage: ",
      customSynopsis =
          "martlet ring-builder <builder> set_zone (<search> <zone>)... | <options> <zone>",
      descriptionHeading = "%n",
      parameterListHeading = "%n",
      description = "Change the zone of devices; partitions follow at the next rebalance.")
  static final class Zone extends SetCommand {
    Zone() {
      super("zone");
    }

    @Override
    DeviceEdit edit(String value) throws CliException {
      return new DeviceEdit().zone(DeviceNotation.integer("zone", value));
    }

    @Override
    String done(RingDevice before, RingDevice after) {
      return after.label() + " zone set to " + after.zone();
    }
  }
}
