package org.martlet.ringbuilder.cli;

import java.io.IOException;
import org.martlet.common.ring.RingFile;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "write_builder",
    header = "Recreate a builder from its ring.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> write_builder [<min_part_hours>]",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description = {
      "Recreate a lost builder from its ring file, or start one from a ring of OpenStack Swift.",
      "Overload, min_part_hours and when partitions last moved are not in a ring: set them again."
    })
final class WriteBuilderCommand extends BuilderAction {
  private static final int DEFAULT_HOURS = 24;

  @Parameters(
      index = "0",
      arity = "0..1",
      defaultValue = "" + DEFAULT_HOURS,
      paramLabel = "<min_part_hours>",
      description = "Default: ${DEFAULT-VALUE}.")
  private int minPartHours;

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    if (file.exists()) {
      throw new CliException("refusing to overwrite " + file.builderPath());
    }
    RingBuilder builder = RingBuilder.fromRing(RingFile.read(file.ringPath()), minPartHours);
    file.save(builder);
    print("%s written from %s", file.builderPath(), file.ringPath());
    return ExitCode.SUCCESS;
  }
}
