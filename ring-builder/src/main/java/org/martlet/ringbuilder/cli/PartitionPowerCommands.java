package org.martlet.ringbuilder.cli;

import java.io.IOException;
import org.martlet.ringbuilder.builder.PartitionPower;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;

/// The steps of Swift's partition power increase. Here one of them does it all: objects are
/// found by their hash, so nothing has to be linked before or cleaned up after.
final class PartitionPowerCommands {
  private PartitionPowerCommands() {}

  @Command(
      name = "increase_partition_power",
      header = "Double the number of partitions.",
      synopsisHeading = "%nUsage: ",
      customSynopsis = "martlet ring-builder <builder> increase_partition_power",
      descriptionHeading = "%n",
      description =
          "Double the number of partitions of an object ring. No data moves, and nothing has to be"
              + " relinked: write the ring and copy it to all nodes.")
  static final class Increase extends BuilderAction {
    @Override
    int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
      checkObjectRing(file);
      RingBuilder builder = PartitionPower.increased(file.load());
      file.save(builder);
      print("The partition power is now %d.", builder.partPower());
      print("The change will take effect after the next write_ring.");
      return ExitCode.SUCCESS;
    }
  }

  @Command(
      name = "prepare_increase_partition_power",
      header = "Not needed here.",
      synopsisHeading = "%nUsage: ",
      customSynopsis = "martlet ring-builder <builder> prepare_increase_partition_power",
      descriptionHeading = "%n",
      description = "Changes nothing: increase_partition_power needs no preparation.")
  static final class Prepare extends BuilderAction {
    @Override
    int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
      checkObjectRing(file);
      int power = file.load().partPower();
      print("Nothing to prepare: objects are found by their hash, so none has to be relinked.");
      print("Next: increase_partition_power makes the partition power %d.", power + 1);
      return ExitCode.SUCCESS;
    }
  }

  @Command(
      name = "cancel_increase_partition_power",
      header = "Not needed here.",
      synopsisHeading = "%nUsage: ",
      customSynopsis = "martlet ring-builder <builder> cancel_increase_partition_power",
      descriptionHeading = "%n",
      description = "Changes nothing: nothing was prepared that could be canceled.")
  static final class Cancel extends BuilderAction {
    @Override
    int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
      checkObjectRing(file);
      print("Nothing to cancel: the partition power is %d.", file.load().partPower());
      return ExitCode.SUCCESS;
    }
  }

  @Command(
      name = "finish_increase_partition_power",
      header = "Not needed here.",
      synopsisHeading = "%nUsage: ",
      customSynopsis = "martlet ring-builder <builder> finish_increase_partition_power",
      descriptionHeading = "%n",
      description = "Changes nothing: increase_partition_power leaves nothing to finish.")
  static final class Finish extends BuilderAction {
    @Override
    int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
      checkObjectRing(file);
      print("Nothing to finish: the partition power is %d.", file.load().partPower());
      return ExitCode.SUCCESS;
    }
  }

  private static void checkObjectRing(BuilderFile file) throws CliException {
    if (!String.valueOf(file.builderPath().getFileName()).contains("object")) {
      throw new CliException("Partition power increase is only supported for object rings.");
    }
  }
}
