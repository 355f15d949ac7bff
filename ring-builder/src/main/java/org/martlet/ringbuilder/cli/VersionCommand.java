package org.martlet.ringbuilder.cli;

import java.io.IOException;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;

@Command(
    name = "version",
    header = "Show the build version.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> version",
    descriptionHeading = "%n",
    description = "Show the build version: it goes up with every change of the devices.")
final class VersionCommand extends BuilderAction {
  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    long version = file.load().version();
    print("%s: build version %d", file.builderPath(), version);
    report().json().put("version", version);
    return ExitCode.SUCCESS;
  }
}
