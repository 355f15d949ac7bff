package org.martlet.ringbuilder.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
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
      paramLabel = "<min_part_hours>",
      description = "Default: " + DEFAULT_HOURS + ".")
  private @Nullable Integer minPartHours;

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    if (file.exists()) {
      throw new CliException("refusing to overwrite " + file.builderPath());
    }
    if (minPartHours == null) {
      report().warn("default min_part_hours may not match the value in the lost builder.");
    }
    int hours = minPartHours == null ? DEFAULT_HOURS : minPartHours;
    RingBuilder builder = RingBuilder.fromRing(RingFile.read(file.ringPath()), hours);
    file.save(builder);
    print("%s written from %s", file.builderPath(), file.ringPath());
    report().json().put("ring", file.ringPath().toString());
    report().json().put("min_part_hours", hours).put("version", builder.version());
    report()
        .next(
            "if there was an overload: martlet ring-builder %s set_overload <overload>",
            file.builderPath());
    return ExitCode.SUCCESS;
  }
}
