package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.martlet.ringbuilder.builder.RebalanceResult;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rebalance",
    header = "Assign partitions, write the ring.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> rebalance [<seed>] [-f] [-s=<seed>]",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description =
        "Assign partitions to devices, moving as few as possible, and write the ring file.")
final class RebalanceCommand extends BuilderAction {
  private static final double NOTABLE_BALANCE = 5;

  @Option(
      names = {"-f", "--force"},
      description = "Save even if less than 1 %% changed.")
  private boolean force;

  @Option(
      names = {"-s", "--seed"},
      paramLabel = "<seed>",
      description = "The same builder, time and seed give the same ring.")
  private @Nullable String seedOption;

  @Parameters(index = "0", arity = "0..1", paramLabel = "<seed>", description = "As --seed.")
  private @Nullable String seedArgument;

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    RingBuilder builder = file.load();
    boolean devicesChanged = builder.devicesChanged();
    boolean first = !builder.everRebalanced();
    double lastBalance = builder.balance();
    double lastDispersion = builder.dispersion();
    String waits = RingBuilderCommand.hours(builder.minPartTimeLeft(clock()));
    boolean mustWait = !builder.minPartTimeLeft(clock()).isZero();

    RebalanceResult result = builder.rebalance(seed(), clock());
    if (result.changed() == 0 && result.removedDevices() == 0 && !force) {
      print("No partitions could be reassigned.");
      print(
          "%s",
          mustWait
              ? "The time between rebalances must be at least min_part_hours: %d hours (%s remaining)"
                  .formatted(builder.minPartHours(), waits)
              : "There is no need to do so at this time");
      if (devicesChanged) {
        save(file, builder);
        print("The ring file was written with the changed device information.");
      }
      return ExitCode.WARNING;
    }
    boolean notable =
        Math.abs(lastBalance - result.balance()) >= 1
            || Math.abs(lastDispersion - result.dispersion()) >= 1
            || result.balance() == RingBuilder.BALANCE_OF_DRAINING;
    if (!force && !devicesChanged && !first && !notable) {
      print("Cowardly refusing to save rebalance as it did not change at least 1%%.");
      return ExitCode.WARNING;
    }
    builder.validate();
    save(file, builder);
    return report(builder, result);
  }

  private void save(BuilderFile file, RingBuilder builder)
      throws RingBuilderException, IOException {
    // The builder first: a ring that no builder remembers could not be balanced further.
    file.save(builder);
    file.writeRing(builder);
    file.backUp(clock());
  }

  private int report(RingBuilder builder, RebalanceResult result) {
    print(
        "Reassigned %d (%.2f%%) partitions. Balance is now %.2f.  Dispersion is now %.2f",
        result.changed(),
        100.0 * result.changed() / builder.partitionCount(),
        result.balance(),
        result.dispersion());
    if (result.dispersion() > 0) {
      print("NOTE: Dispersion of %.6f indicates some parts are not", result.dispersion());
      print("      optimally dispersed.");
      print("      You may want to adjust some device weights or increase the overload.");
      return ExitCode.WARNING;
    }
    if (result.balance() > NOTABLE_BALANCE && result.balance() / 100 > builder.overload()) {
      print("NOTE: Balance of %.2f indicates you should push this", result.balance());
      print("      ring, wait at least %d hours, and rebalance/repush.", builder.minPartHours());
      return ExitCode.WARNING;
    }
    return ExitCode.SUCCESS;
  }

  /// Numbers mean themselves, other words the head of their MD5; none means any.
  private long seed() throws CliException {
    if (seedOption != null && seedArgument != null) {
      throw new CliException("the seed is given twice");
    }
    String text = seedOption != null ? seedOption : seedArgument;
    if (text == null) {
      return new SecureRandom().nextLong();
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      return ByteBuffer.wrap(md5(text)).getLong();
    }
  }

  private static byte[] md5(String text) {
    try {
      return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
