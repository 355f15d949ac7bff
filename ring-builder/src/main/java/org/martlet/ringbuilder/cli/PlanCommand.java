package org.martlet.ringbuilder.cli;

import java.io.IOException;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "plan",
    header = "Show what a rebalance would move.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> plan [<seed>] [-s=<seed>] [--json]",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description =
        "Show what a rebalance would move, from where to where, without changing builder or ring."
            + " The same as rebalance --dry-run.")
final class PlanCommand extends BuilderAction {
  @Mixin private SeedOption seed = new SeedOption();

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    show(this, RebalanceReport.of(file.load(), seed.seed(), clock()), file);
    return ExitCode.SUCCESS;
  }

  /// Tells of a rebalance that was not saved.
  static void show(BuilderAction command, RebalanceReport rebalance, BuilderFile file) {
    Report report = command.report();
    rebalance.putInto(report.json(), false);
    rebalance.preview().forEach(report::text);
    report.text("");
    report.text("Nothing was written.");
    report.next(
        "martlet ring-builder %s rebalance --seed %d makes these moves, until partitions age or"
            + " devices change",
        file.builderPath(), rebalance.seed());
  }
}
