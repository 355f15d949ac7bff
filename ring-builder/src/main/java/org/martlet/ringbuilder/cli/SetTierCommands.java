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

/// The commands that say where devices are.
final class SetTierCommands {
  private SetTierCommands() {}

  @Command(
      name = "set_region",
      header = "Change the region of devices.",
      synopsisHeading = "%nUsage: ",
      customSynopsis =
          "martlet ring-builder <builder> set_region (<search> <region>)... | <options> <region>",
      descriptionHeading = "%n",
      parameterListHeading = "%n",
      description = "Change the region of devices; partitions follow at the next rebalance.")
  static final class Region extends SetTier {
    Region() {
      super("region");
    }

    @Override
    RingDevice changed(RingDevice device, int region) {
      return at(device, region, device.zone());
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
  static final class Zone extends SetTier {
    Zone() {
      super("zone");
    }

    @Override
    RingDevice changed(RingDevice device, int zone) {
      return at(device, device.region(), zone);
    }
  }

  /// What both have in common.
  abstract static class SetTier extends BuilderAction {
    private final String what;

    @Mixin private DeviceOptions options = new DeviceOptions();

    @Option(
        names = {"-y", "--yes"},
        description = "Do not ask when several devices match.")
    private boolean yes;

    @Parameters(
        paramLabel = "<search> <number>",
        arity = "1..*",
        description = "Which devices (" + DeviceSearch.GRAMMAR + ") and their new place.")
    private List<String> values = new ArrayList<>();

    SetTier(String what) {
      this.what = what;
    }

    abstract RingDevice changed(RingDevice device, int number);

    @Override
    final int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
      RingBuilder builder = file.load();
      if (options.given()) {
        if (values.size() != 1) {
          throw new CliException("give one new " + what + " after the options");
        }
        set(builder, options.search().in(builder.devices()), values.getFirst());
      } else {
        if (values.size() % 2 != 0) {
          throw new CliException("give pairs of <search> <" + what + ">");
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
      int number = DeviceNotation.integer(what, text);
      if (number < 0) {
        throw new CliException("invalid " + what + " " + number + ": it must be 0 or more");
      }
      confirm(devices, "change the " + what + " of", yes);
      for (RingDevice device : devices) {
        builder.update(changed(device, number));
        print("%s %s set to %d", device.label(), what, number);
      }
    }

    static RingDevice at(RingDevice device, int region, int zone) {
      return new RingDevice(
          device.id(),
          region,
          zone,
          device.ip(),
          device.port(),
          device.replicationIp(),
          device.replicationPort(),
          device.device(),
          device.weight(),
          device.meta());
    }
  }
}
