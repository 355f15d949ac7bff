package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.time.Duration;
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
        "martlet ring-builder <builder> rebalance [<seed>] [-f] [-d] [-s=<seed>] [--dry-run]",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description =
        "Assign partitions to devices, moving as few as possible, and write the ring file.")
final class RebalanceCommand extends BuilderAction {
  private static final double NOTABLE_BALANCE = 5;
  private static final int FRAME = 79;
  private static final int STEPS = 5;

  @Mixin private SeedOption seed = new SeedOption();

  @Option(
      names = {"-f", "--force"},
      description = "Save even if less than 1 %% changed.")
  private boolean force;

  @Option(names = "--dry-run", description = "Only show what would move, as plan does.")
  private boolean dryRun;

  @Option(
      names = "--format-version",
      paramLabel = "<n>",
      description = "Of the ring file: 1 or 2; by default that of the old one, 1 for a new one.")
  private @Nullable Integer formatVersion;

  @Option(
      names = {"-d", "--debug"},
      description = "Also show what each region, zone, server and device gives and gets.")
  private boolean debug;

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    report().progress().at(0, STEPS, "reading the builder");
    RingBuilder builder = file.load();
    report().progress().at(1, STEPS, "assigning partitions");
    RebalanceReport rebalance = RebalanceReport.of(builder, seed.seed(), clock());
    if (debug) {
      rebalance.details().forEach(line -> print("DEBUG: %s", line));
    }
    if (dryRun) {
      PlanCommand.show(this, rebalance, file);
      return ExitCode.SUCCESS;
    }
    RingBuilder before = rebalance.before();
    RebalanceResult result = rebalance.result();
    boolean idle = result.changed() == 0 && result.removedDevices() == 0 && !force;
    boolean save = idle ? before.devicesChanged() : worthSaving(rebalance);
    if (save) {
      report().progress().at(2, STEPS, "checking the assignment");
      builder.validate();
      report().progress().at(3, STEPS, "writing builder and ring");
      save(file, builder);
    }
    boolean rewritten = !save && before.everRebalanced() && !file.hasRingOf(before);
    if (rewritten) {
      file.writeRing(before, formatVersion, null);
      file.backUp(clock());
    }
    report().progress().at(4, STEPS, "comparing");
    rebalance.putInto(report().json(), save);
    report().json().put("ring_written", save || rewritten);
    if (idle) {
      tellIdle(before, save);
    } else if (!save) {
      report().note("Cowardly refusing to save rebalance as it did not change at least 1%.");
      report()
          .next(
              "nothing has to be done (martlet ring-builder %s rebalance --force saves it)",
              file.builderPath());
    } else {
      tellDone(rebalance);
    }
    if (rewritten) {
      report().note("The ring file was missing or obsolete: it is written as the builder was.");
      nextIsPush(file);
    }
    if (save) {
      tellNext(file, rebalance);
    }
    return report().warned() ? ExitCode.WARNING : ExitCode.SUCCESS;
  }

  private boolean worthSaving(RebalanceReport rebalance) {
    RingBuilder before = rebalance.before();
    RebalanceResult result = rebalance.result();
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

  private void tellIdle(RingBuilder before, boolean saved) {
    report().note("No partitions could be reassigned.");
    Duration left = before.minPartTimeLeft(clock());
    if (left.isZero()) {
      report().note("There is no need to do so at this time");
    } else {
      report()
          .note(
              "The time between rebalances must be at least min_part_hours: %d hours (%s remaining)"
                  .formatted(before.minPartHours(), Numbers.time(left)));
      report().next("rebalance again in %s", Numbers.time(left));
    }
    if (saved) {
      print("The ring file was written with the changed device information.");
    }
  }

  private void tellDone(RebalanceReport rebalance) {
    RebalanceResult result = rebalance.result();
    RingBuilder builder = rebalance.after();
    print(
        "Reassigned %d (%.2f%%) partitions. Balance is now %.2f.  Dispersion is now %.2f",
        result.changed(),
        100.0 * result.changed() / builder.partitionCount(),
        result.balance(),
        result.dispersion());
    print("%s", rebalance.bound());
    if (result.dispersion() > 0) {
      framed(
          "NOTE: Dispersion of %.6f indicates some parts are not".formatted(result.dispersion()),
          "      optimally dispersed.",
          "",
          "      You may want to adjust some device weights, increase",
          "      the overload or review the dispersion report.");
    } else if (result.balance() > NOTABLE_BALANCE && result.balance() / 100 > builder.overload()) {
      framed(
          "NOTE: Balance of %.2f indicates you should push this".formatted(result.balance()),
          "      ring, wait at least %d hours, and rebalance/repush."
              .formatted(builder.minPartHours()));
    }
  }

  private void framed(String... lines) {
    report().note("-".repeat(FRAME));
    List.of(lines).forEach(report()::note);
    report().note("-".repeat(FRAME));
  }

  private void tellNext(BuilderFile file, RebalanceReport rebalance) {
    int left = rebalance.result().left();
    if (left == 0) {
      nextIsPush(file);
      return;
    }
    report()
        .next(
            "martlet ring push %s (or copy it to every server), and rebalance again in %d hours:"
                + " %d replicas are left",
            file.ringPath(), rebalance.after().minPartHours(), left);
  }
}
