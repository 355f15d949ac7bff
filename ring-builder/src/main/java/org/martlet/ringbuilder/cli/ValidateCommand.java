package org.martlet.ringbuilder.cli;

import java.io.IOException;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;

@Command(
    name = "validate",
    header = "Check the assignment.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> validate",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description = "Check the assignment: exit code 0 if it is sound.")
final class ValidateCommand extends BuilderAction {
  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    RingBuilder builder = file.load();
    builder.validate();
    print("%s is valid", file.builderPath());
    report().json().put("valid", true);
    return ExitCode.SUCCESS;
  }
}
