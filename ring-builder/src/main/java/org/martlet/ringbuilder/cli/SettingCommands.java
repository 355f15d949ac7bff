package org.martlet.ringbuilder.cli;

import java.io.IOException;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// The commands that change one number of a builder.
final class SettingCommands {
  private SettingCommands() {}

  @Command(
      name = "set_min_part_hours",
      header = "Change how long partitions stay put.",
      synopsisHeading = "%nUsage: ",
      customSynopsis = "martlet ring-builder <builder> set_min_part_hours <hours>",
      descriptionHeading = "%n",
      parameterListHeading = "%n",
      description = "Change for how long a partition stays put after a move.")
  static final class MinPartHours extends BuilderAction {
    @Parameters(
        index = "0",
        paramLabel = "<hours>",
        description = "At least as long as a full replication pass takes.")
    private int hours;

    @Override
    int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
      RingBuilder builder = file.load();
      builder.setMinPartHours(hours);
      file.save(builder);
      print(
          "The minimum number of hours before a partition can be reassigned is now set to %d",
          hours);
      report().json().put("min_part_hours", hours);
      return ExitCode.SUCCESS;
    }
  }

  @Command(
      name = "set_replicas",
      header = "Change the replica count.",
      synopsisHeading = "%nUsage: ",
      customSynopsis = "martlet ring-builder <builder> set_replicas <replicas>",
      descriptionHeading = "%n",
      parameterListHeading = "%n",
      description = "Change the replica count, at the next rebalance.")
  static final class Replicas extends BuilderAction {
    @Parameters(
        index = "0",
        paramLabel = "<replicas>",
        description = "1 or more; may have a fraction.")
    private double replicas;

    @Override
    int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
      RingBuilder builder = file.load();
      builder.setReplicas(replicas);
      file.save(builder);
      print("The replica count is now %.6f.", replicas);
      print("The change will take effect after the next rebalance.");
      report().json().put("replicas", replicas);
      nextIsRebalance(file);
      return ExitCode.SUCCESS;
    }
  }

  @Command(
      name = "set_overload",
      header = "Change how much devices may overfill.",
      synopsisHeading = "%nUsage: ",
      customSynopsis = "martlet ring-builder <builder> set_overload <overload>[%%]",
      descriptionHeading = "%n",
      parameterListHeading = "%n",
      description =
          "Change by how much a device may exceed its weight for a better spread over regions,"
              + " zones and servers.")
  static final class Overload extends BuilderAction {
    @Parameters(
        index = "0",
        paramLabel = "<overload>[%]",
        description = "A fraction, or with %% a percentage.")
    private String overload = "";

    @Override
    int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
      boolean percent = overload.endsWith("%");
      String digits = percent ? overload.substring(0, overload.length() - 1) : overload;
      double fraction = DeviceNotation.number("overload", digits) * (percent ? 0.01 : 1);
      RingBuilder builder = file.load();
      builder.setOverload(fraction);
      file.save(builder);
      if (fraction > 1 && !percent) {
        report().note("!?! Warning overload is greater than 100% !?!");
      }
      print("The overload factor is now %.2f%% (%.6f)", fraction * 100, fraction);
      print("The change will take effect after the next rebalance.");
      report().json().put("overload", fraction);
      nextIsRebalance(file);
      return report().warned() ? ExitCode.WARNING : ExitCode.SUCCESS;
    }
  }
}
