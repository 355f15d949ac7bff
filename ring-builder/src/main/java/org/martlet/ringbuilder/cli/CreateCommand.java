package org.martlet.ringbuilder.cli;

import java.io.IOException;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    header = "Create a builder file.",
    synopsisHeading = "%nUsage: ",
    customSynopsis =
        "martlet ring-builder <builder> create <part_power> <replicas> <min_part_hours>",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description = "Create a builder file without devices.")
final class CreateCommand extends BuilderAction {
  @Parameters(
      index = "0",
      paramLabel = "<part_power>",
      description = "There will be 2^<part_power> partitions: 10 for a trial, 14 to 20 for real.")
  private int partPower;

  @Parameters(
      index = "1",
      paramLabel = "<replicas>",
      description = "Copies of each partition; may have a fraction.")
  private double replicas;

  @Parameters(
      index = "2",
      paramLabel = "<min_part_hours>",
      description = "Hours for which a partition stays put after a move.")
  private int minPartHours;

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    if (file.exists()) {
      throw new CliException(file.builderPath() + " exists already: remove it to start over");
    }
    file.save(RingBuilder.create(partPower, replicas, minPartHours));
    file.backUp(clock());
    print("%s created", file.builderPath());
    report()
        .next(
            "martlet ring-builder %s add r1z1-10.0.0.1:6200/sdb 100 for each device (here: region 1,"
                + " zone 1, weight 100)",
            file.builderPath());
    return ExitCode.SUCCESS;
  }
}
