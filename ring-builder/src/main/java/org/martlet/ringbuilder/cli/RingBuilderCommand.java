package org.martlet.ringbuilder.cli;

import com.google.errorprone.annotations.FormatMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingFile;
import org.martlet.common.ring.RingFileException;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `ring-builder BUILDER [COMMAND]`: makes and changes rings. Without a command it shows the
/// builder.
@Command(
    name = "ring-builder",
    description = "Make and change rings: which devices hold which partitions.",
    customSynopsis = {
      "martlet ring-builder <builder>                 show the ring",
      "       martlet ring-builder <builder> <command> ...   change or examine it"
    },
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    commandListHeading = "%nCommands, each with its own --help:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:done or refused with a warning", "2:error, nothing was changed"},
    footerHeading = "%nA first ring:%n",
    footer = {
      "  martlet ring-builder object.builder create 10 3 1",
      "  martlet ring-builder object.builder add r1z1-10.0.0.1:6200/sdb 100",
      "  martlet ring-builder object.builder add ...",
      "  martlet ring-builder object.builder rebalance"
    },
    subcommands = {
      CreateCommand.class,
      ImportCommand.class,
      AddCommand.class,
      RemoveCommand.class,
      SetWeightCommand.class,
      SetInfoCommand.class,
      SetTierCommands.Region.class,
      SetTierCommands.Zone.class,
      PlanCommand.class,
      RebalanceCommand.class,
      AnalyzeCommand.class,
      DispersionCommand.class,
      ValidateCommand.class,
      VersionCommand.class,
      WriteRingCommand.class,
      WriteBuilderCommand.class,
      SearchCommand.class,
      ListPartsCommand.class,
      PretendMinPartHoursPassedCommand.class,
      SettingCommands.MinPartHours.class,
      SettingCommands.Replicas.class,
      SettingCommands.Overload.class,
      PartitionPowerCommands.Prepare.class,
      PartitionPowerCommands.Increase.class,
      PartitionPowerCommands.Cancel.class,
      PartitionPowerCommands.Finish.class
    })
@SuppressWarnings("NullAway.Init") // picocli fills the injected fields in before call()
public final class RingBuilderCommand implements Callable<Integer> {
  private final InstantSource clock;
  private final InputStream answers;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "<builder>",
      description = "The builder file, e.g. object.builder; its ring is object.ring.gz beside it.")
  private @Nullable Path builder;

  @Parameters(index = "1..*", hidden = true)
  private List<String> unknown = new ArrayList<>();

  public RingBuilderCommand() {
    this(InstantSource.system(), System.in);
  }

  /// @param clock tells how long ago partitions moved
  /// @param answers where the operator's answers come from
  public RingBuilderCommand(InstantSource clock, InputStream answers) {
    this.clock = clock;
    this.answers = answers;
  }

  InstantSource clock() {
    return clock;
  }

  InputStream answers() {
    return answers;
  }

  Path builder() throws CliException {
    if (builder == null) {
      throw new CliException("name the builder file before the command");
    }
    return builder;
  }

  @Nullable Path builderOrNull() {
    return builder;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (builder == null) {
      spec.commandLine().usage(out);
      return ExitCode.SUCCESS;
    }
    return Faults.reported(
        spec,
        () -> {
          if (!unknown.isEmpty()) {
            throw new CliException("unknown command: " + unknown.getFirst());
          }
          return show(BuilderFile.builderPath(builder()), out);
        });
  }

  private int show(Path file, PrintWriter out) throws RingBuilderException, IOException {
    RingBuilder shown = BuilderFile.read(file);
    List<RingDevice> devices = shown.devices();
    line(out, "%s, build version %d, id %s", file, shown.version(), shown.id());
    line(
        out,
        "%d partitions, %.6f replicas, %d regions, %d zones, %d devices, %.2f balance, %.2f"
            + " dispersion",
        shown.partitionCount(),
        shown.replicas(),
        devices.stream().map(RingDevice::region).distinct().count(),
        devices.stream().map(d -> List.of(d.region(), d.zone())).distinct().count(),
        devices.size(),
        shown.balance(),
        shown.dispersion());
    line(
        out,
        "The minimum number of hours before a partition can be reassigned is %d (%s remaining)",
        shown.minPartHours(),
        hours(shown.minPartTimeLeft(clock)));
    line(out, "The overload factor is %.2f%% (%.6f)", shown.overload() * 100, shown.overload());
    line(out, "%s", ringState(shown, BuilderFile.ringPath(file)));
    DeviceTable.lines(shown, devices).forEach(out::println);
    return ExitCode.SUCCESS;
  }

  private static String ringState(RingBuilder builder, Path ringFile) throws RingBuilderException {
    if (!Files.exists(ringFile)) {
      return "Ring file " + ringFile + " not found, probably it hasn't been written yet";
    }
    try {
      Ring written = RingFile.read(ringFile);
      boolean same =
          builder.everRebalanced()
              && written.placesAs(builder.toRing())
              && written.devices().equals(builder.devices());
      return "Ring file " + ringFile + (same ? " is up-to-date" : " is obsolete");
    } catch (RingFileException e) {
      return "Ring file is invalid: " + e.getMessage();
    }
  }

  /// `H:MM:SS`.
  static String hours(Duration time) {
    long hours = time.toHours();
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", hours, time.toMinutesPart(), time.toSecondsPart());
  }

  @FormatMethod
  private static void line(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
