package org.martlet.ringbuilder.cli;

import java.io.IOException;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;

@Command(
    name = "pretend_min_part_hours_passed",
    header = "Let every partition move now.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> pretend_min_part_hours_passed",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description = {
      "Let every partition move at the next rebalance. Use with extreme caution:",
      "if replication has not finished since the last one, data may be out of reach for a while."
    })
final class PretendMinPartHoursPassedCommand extends BuilderAction {
  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    RingBuilder builder = file.load();
    builder.pretendMinPartHoursPassed();
    file.save(builder);
    print("Every partition may move at the next rebalance.");
    nextIsRebalance(file);
    return ExitCode.SUCCESS;
  }
}
