package org.martlet.ringbuilder.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

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
      SetCommands.Weight.class,
      SetInfoCommand.class,
      SetCommands.Region.class,
      SetCommands.Zone.class,
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
public final class RingBuilderCommand extends CliCommand {
  private final InstantSource clock;
  private final BufferedReader answers;

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
    this.answers = new BufferedReader(new InputStreamReader(answers, Charset.defaultCharset()));
  }

  InstantSource clock() {
    return clock;
  }

  /// The next answer of the operator, empty if there is none.
  String answer() throws IOException {
    String line = answers.readLine();
    return line == null ? "" : line.strip();
  }

  /// The builder file; says so if a ring file was named instead.
  Path builderFile(Report report) throws CliException {
    if (builder == null) {
      throw new CliException("name the builder file before the command");
    }
    Path file = BuilderFile.builderPath(builder);
    if (!file.equals(builder)) {
      report.line("Note: using %s instead of %s as builder file", file, builder);
    }
    return file;
  }

  @Nullable Path builderOrNull() {
    return builder;
  }

  @Override
  int run() throws CliException, RingBuilderException, IOException {
    if (builder == null) {
      spec().commandLine().usage(spec().commandLine().getOut());
      return ExitCode.SUCCESS;
    }
    if (!unknown.isEmpty()) {
      throw new CliException("unknown command: " + unknown.getFirst());
    }
    Path file = builderFile(report());
    new BuilderSummary(file, BuilderFile.read(file), clock).show(report());
    return ExitCode.SUCCESS;
  }
}
