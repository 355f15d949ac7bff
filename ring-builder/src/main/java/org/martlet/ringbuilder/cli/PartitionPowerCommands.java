package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.util.Optional;
import org.martlet.common.ring.Ring;
import org.martlet.ringbuilder.builder.PartitionPower;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;

/// The steps of Swift's partition power increase, in its order, with its exit codes. Where servers
/// are Martlet's one of them does it all: objects are found by their hash, so nothing has to be
/// linked before or cleaned up after.
final class PartitionPowerCommands {
  private PartitionPowerCommands() {}

  @Command(
      name = "increase_partition_power",
      header = "Double the number of partitions.",
      synopsisHeading = "%nUsage: ",
      customSynopsis = "martlet ring-builder <builder> increase_partition_power",
      descriptionHeading = "%n",
      description =
          "Double the number of partitions of an object ring. No data moves, and Martlet's servers"
              + " have nothing to relink: write the ring and push it. Servers of Swift need"
              + " prepare_increase_partition_power and the relinker before. Another increase, a"
              + " rebalance, new or removed devices wait for finish_increase_partition_power.")
  static final class Increase extends BuilderAction {
    @Override
    int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
      checkObjectRing(file);
      RingBuilder before = file.load();
      RingBuilder builder = PartitionPower.increased(before);
      checkWritten(file, before);
      file.backUp(clock());
      file.save(builder);
      print("The partition power is now %d.", builder.partPower());
      print("The change will take effect after the next write_ring.");
      report().json().put("part_power", builder.partPower());
      report().next("martlet ring-builder %s write_ring", file.builderPath());
      return ExitCode.SUCCESS;
    }
  }

  @Command(
      name = "prepare_increase_partition_power",
      header = "Announce an increase of the partition power to servers of Swift.",
      synopsisHeading = "%nUsage: ",
      customSynopsis = "martlet ring-builder <builder> prepare_increase_partition_power",
      descriptionHeading = "%n",
      description =
          "Announces the next partition power in the ring. Swift's servers need that, and the"
              + " relinker, before increase_partition_power; Martlet's do not.")
  static final class Prepare extends BuilderAction {
    @Override
    int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
      checkObjectRing(file);
      RingBuilder builder = file.load();
      PartitionPower.prepare(builder);
      file.save(builder);
      print("The next partition power is now %d.", builder.partPower() + 1);
      print("The change will take effect after the next write_ring.");
      report().json().put("part_power", builder.partPower());
      report()
          .next(
              "martlet ring-builder %s increase_partition_power (servers of Martlet need no"
                  + " relinking first; servers of Swift need the ring, and their relinker)",
              file.builderPath());
      return ExitCode.SUCCESS;
    }
  }

  @Command(
      name = "cancel_increase_partition_power",
      header = "Take back prepare_increase_partition_power.",
      synopsisHeading = "%nUsage: ",
      customSynopsis = "martlet ring-builder <builder> cancel_increase_partition_power",
      descriptionHeading = "%n",
      description =
          "Takes back what was prepared. finish_increase_partition_power has to follow, in a cluster"
              + " of Swift after its cleanup.")
  static final class Cancel extends BuilderAction {
    @Override
    int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
      checkObjectRing(file);
      RingBuilder builder = file.load();
      PartitionPower.cancel(builder);
      file.save(builder);
      print("The next partition power is now %d.", builder.partPower());
      print("The change will take effect after the next write_ring.");
      report().json().put("part_power", builder.partPower());
      report().next("martlet ring-builder %s write_ring", file.builderPath());
      return ExitCode.SUCCESS;
    }
  }

  @Command(
      name = "finish_increase_partition_power",
      header = "End an increase of the partition power.",
      synopsisHeading = "%nUsage: ",
      customSynopsis = "martlet ring-builder <builder> finish_increase_partition_power",
      descriptionHeading = "%n",
      description =
          "Ends an increase, so that rebalances and another increase are possible. In a Martlet"
              + " cluster at any time; in a cluster of Swift after the relinker's cleanup.")
  static final class Finish extends BuilderAction {
    @Override
    int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
      checkObjectRing(file);
      RingBuilder builder = file.load();
      PartitionPower.finish(builder);
      file.save(builder);
      print("The partition power is %d, and its increase is finished.", builder.partPower());
      print("The change will take effect after the next write_ring.");
      report().json().put("part_power", builder.partPower());
      report().next("martlet ring-builder %s write_ring", file.builderPath());
      return ExitCode.SUCCESS;
    }
  }

  /// Servers refuse two steps at once, and a step that was made by mistake cannot be taken back.
  private static void checkWritten(BuilderFile file, RingBuilder builder)
      throws CliException, RingBuilderException {
    int assigned = builder.toRing().partPower();
    Optional<Ring> written = file.writtenRing();
    if (written.isEmpty() || written.get().partPower() != assigned) {
      throw new CliException(
          "the ring file %s, the builder's partition power is %d: write_ring and push it first"
              .formatted(
                  written.isEmpty()
                      ? "is missing or damaged"
                      : "has the partition power " + written.get().partPower(),
                  assigned));
    }
  }

  private static void checkObjectRing(BuilderFile file) throws CliException {
    if (!String.valueOf(file.builderPath().getFileName()).contains("object")) {
      throw new CliException("Partition power increase is only supported for object rings.");
    }
  }
}
