package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.RingFormat;
import org.martlet.ringbuilder.builder.RebalanceResult;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "rebalance",
    aliases = "apply",
    header = "Assign partitions, write the ring.",
    synopsisHeading = "%nUsage: ",
    customSynopsis =
        "martlet ring-builder <builder> rebalance [<seed>] [-f] [-s=<seed>] [--dry-run] [--json]",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description =
        "Assign partitions to devices, moving as few as possible, and write the ring file.")
final class RebalanceCommand extends BuilderAction {
  private static final double NOTABLE_BALANCE = 5;

  @Mixin private SeedOption seed = new SeedOption();

  @Option(
      names = {"-f", "--force"},
      description = "Save even if less than 1 %% changed.")
  private boolean force;

  @Option(names = "--dry-run", description = "Only show what would move, as plan does.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--format-version",
      paramLabel = "<n>",
      description = "Of the ring file: 1 or 2; by default that of the old one, 1 for a new one.")
  private @Nullable Integer formatVersion;

  private final List<String> warnings = new ArrayList<>();

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    RingBuilder builder = file.load();
    RebalanceReport report = RebalanceReport.of(builder, seed.seed(), clock());
    if (dryRun) {
      PlanCommand.show(this, report, file, json);
      return ExitCode.SUCCESS;
    }
    RingBuilder before = report.before();
    RebalanceResult result = report.result();
    boolean idle = result.changed() == 0 && result.removedDevices() == 0 && !force;
    boolean save = idle ? before.devicesChanged() : worthSaving(report);
    if (save) {
      builder.validate();
      save(file, builder);
    }
    boolean rewritten = !save && before.everRebalanced() && !file.hasRingOf(before);
    if (rewritten) {
      file.writeRing(before, formatVersion, null);
      file.backUp(clock());
    }
    if (idle) {
      warnIdle(before, save);
    } else if (!save) {
      say("Cowardly refusing to save rebalance as it did not change at least 1%.");
    } else {
      summarize(report);
    }
    if (rewritten) {
      say("The ring file was missing or obsolete: it is written as the builder was.");
    }
    if (json) {
      out().println(report.json(save, warnings));
    }
    return warnings.isEmpty() ? ExitCode.SUCCESS : ExitCode.WARNING;
  }

  private boolean worthSaving(RebalanceReport report) {
    RingBuilder before = report.before();
    RebalanceResult result = report.result();
    boolean notable =
        Math.abs(before.balance() - result.balance()) >= 1
            || Math.abs(before.dispersion() - result.dispersion()) >= 1
            || result.balance() == RingBuilder.BALANCE_OF_DRAINING;
    return force || before.devicesChanged() || !before.everRebalanced() || notable;
  }

  private void save(BuilderFile file, RingBuilder builder)
      throws RingBuilderException, IOException {
    RingFormat format = file.format(formatVersion, null);
    // The builder first: a ring that no builder remembers could not be balanced further. Where the
    // ring cannot be written, the next rebalance does it.
    file.save(builder);
    file.writeRing(builder, format);
    file.backUp(clock());
  }

  private void warnIdle(RingBuilder before, boolean saved) {
    say("No partitions could be reassigned.");
    boolean mustWait = !before.minPartTimeLeft(clock()).isZero();
    say(
        mustWait
            ? "The time between rebalances must be at least min_part_hours: %d hours (%s remaining)"
                .formatted(
                    before.minPartHours(),
                    RingBuilderCommand.hours(before.minPartTimeLeft(clock())))
            : "There is no need to do so at this time");
    if (saved && !json) {
      print("The ring file was written with the changed device information.");
    }
  }

  private void summarize(RebalanceReport report) {
    RebalanceResult result = report.result();
    RingBuilder builder = report.after();
    if (!json) {
      print(
          "Reassigned %d (%.2f%%) partitions. Balance is now %.2f.  Dispersion is now %.2f",
          result.changed(),
          100.0 * result.changed() / builder.partitionCount(),
          result.balance(),
          result.dispersion());
      print("%s", report.bound());
    }
    if (result.dispersion() > 0) {
      say("NOTE: Dispersion of %.6f indicates some parts are not".formatted(result.dispersion()));
      say("      optimally dispersed.");
      say("      You may want to adjust some device weights or increase the overload.");
    } else if (result.balance() > NOTABLE_BALANCE && result.balance() / 100 > builder.overload()) {
      say("NOTE: Balance of %.2f indicates you should push this".formatted(result.balance()));
      say(
          "      ring, wait at least %d hours, and rebalance/repush."
              .formatted(builder.minPartHours()));
    }
  }

  /// Prints a line that makes the exit code 1, or keeps it for the JSON.
  private void say(String line) {
    warnings.add(line.strip());
    if (!json) {
      print("%s", line);
    }
  }
}
