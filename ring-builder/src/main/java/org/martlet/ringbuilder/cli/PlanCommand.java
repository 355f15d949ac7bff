package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.util.List;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    RebalanceReport report = RebalanceReport.of(file.load(), seed.seed(), clock());
    show(this, report, file, json);
    return ExitCode.SUCCESS;
  }

  /// Prints a rebalance that was not saved.
  static void show(BuilderAction command, RebalanceReport report, BuilderFile file, boolean json) {
    if (json) {
      command.out().println(report.json(false, List.of()));
      return;
    }
    report.preview().forEach(command.out()::println);
    command.print("");
    command.print("Nothing was written. To make these moves (until partitions age or devices");
    command.print(
        "change): martlet ring-builder %s rebalance --seed %d", file.builderPath(), report.seed());
  }
}
