package org.martlet.ringbuilder.cli;

import java.io.IOException;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;

@Command(
    name = "write_ring",
    header = "Write the ring file again.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> write_ring",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description =
        "Write the ring file again, e.g. after set_info. A rebalance does this by itself.")
final class WriteRingCommand extends BuilderAction {
  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    file.writeRing(file.load());
    file.backUp(clock());
    print("%s written", file.ringPath());
    return ExitCode.SUCCESS;
  }
}
